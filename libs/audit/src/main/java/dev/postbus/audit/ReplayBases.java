package dev.postbus.audit;

import dev.postbus.events.RecordHead;
import dev.postbus.events.Snapshot;
import dev.postbus.events.SnapshotSignature;
import dev.postbus.events.Topic;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * From which snapshot each replay begins: the newest that is not later than its moment. One that is
 * not the newest of all will do only as long as nothing was removed for a newer one.
 */
final class ReplayBases {
  private final List<Snapshot> snapshots;
  private final List<Removed> older = new ArrayList<>();
  private final Set<Chain> seen = new HashSet<>();
  private boolean incomplete;

  private ReplayBases(List<Snapshot> snapshots) {
    this.snapshots = snapshots;
  }

  /** Those of a log. */
  static ReplayBases of(AuditLog log) throws IOException {
    var snapshots = new ArrayList<Snapshot>();
    log.read(
        EnumSet.of(Topic.SNAPSHOT), raw -> SnapshotSignature.read(raw).ifPresent(snapshots::add));
    return new ReplayBases(snapshots);
  }

  StateReplay replay(Instant moment) {
    var base = at(moment);
    if (!snapshots.isEmpty() && !snapshots.getLast().equals(base)) {
      older.add(base == null ? new Removed() : new Removed(base));
    }
    return base == null ? new StateReplay(moment) : new StateReplay(moment, base);
  }

  private @Nullable Snapshot at(Instant moment) {
    for (var snapshot : snapshots.reversed()) {
      if (!snapshot.until().isAfter(moment)) {
        return snapshot;
      }
    }
    return null;
  }

  /** Looks at a record of the log: whether something is missing between it and the base. */
  void look(Topic topic, RecordHead head) {
    if (!older.isEmpty() && seen.add(new Chain(topic, head.source()))) {
      incomplete |=
          older.stream()
              .anyMatch(removed -> head.sequence() > removed.to(topic, head.source()) + 1);
    }
  }

  /**
   * After all records.
   *
   * @throws IOException if a moment lies before what there is
   */
  void check() throws IOException {
    if (older.isEmpty()) {
      return;
    }
    var newest = snapshots.getLast();
    // Of a chain that was removed as a whole nothing was seen.
    var gone =
        new Removed(newest)
            .byChain().entrySet().stream()
                .filter(one -> !seen.contains(one.getKey()))
                .anyMatch(
                    one ->
                        older.stream()
                            .anyMatch(
                                removed ->
                                    removed.to(one.getKey().topic(), one.getKey().source())
                                        < one.getValue().sequence()));
    if (incomplete || gone) {
      throw new IOException(
          "retention has removed what happened before; the earliest time that can be asked for is %s"
              .formatted(newest.until()));
    }
  }
}
