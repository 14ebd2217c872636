package dev.postbus.audit;

import dev.postbus.events.CertChanged;
import dev.postbus.events.ConfigChanged;
import dev.postbus.events.EventTypes;
import dev.postbus.events.RawLog.Range;
import dev.postbus.events.RawRecord;
import dev.postbus.events.RecordHead;
import dev.postbus.events.Snapshot;
import dev.postbus.events.SnapshotSignature;
import dev.postbus.events.Topic;
import dev.postbus.events.UnreadableRecord;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which records are to go, and what a snapshot has to say of them. The newest configuration and the
 * newest certificate stay, whatever their age, as does all behind what somebody needs yet.
 */
final class RemovalPlan {
  /** Authorities count orders and accounts for a week. */
  private static final Duration ORDERS_COUNT = Duration.ofDays(8);

  private static final Set<String> COUNTED = Set.of("cert-order-begun", "acme-account-registered");

  private final Keep keep;
  private final Instant now;
  private final Map<Topic, Range> ranges;
  private final Map<Topic, Long> cuts = new EnumMap<>(Topic.class);
  private final Map<Topic, Long> left = new EnumMap<>(Topic.class);
  private final List<String> heldBy = new ArrayList<>();
  private final Verification verification = new Verification();
  private @Nullable String domain;
  private @Nullable Snapshot base;
  private @Nullable RecordHead baseHead;
  private Removed known = new Removed();
  private Removed removed = new Removed();
  private StateReplay replay;
  private final VerificationReport report;
  private @Nullable Instant until;
  private long fresh;

  private RemovalPlan(Keep keep, Instant now, @Nullable String domain, BusLog log)
      throws IOException {
    this.keep = keep;
    this.now = now;
    this.domain = domain;
    this.ranges = log.ranges();
    this.replay = new StateReplay(Instant.MAX);
    aim(log);
    findNewest(log);
    log.read(EnumSet.allOf(Topic.class), this::next);
    left.forEach((topic, offset) -> cuts.merge(topic, offset, Math::max));
    report = verification.report();
  }

  /**
   * Makes a plan, in one pass over the log.
   *
   * @param domain whose records may go; null for that of the newest configuration
   * @throws IOException if the bus does not answer
   */
  static RemovalPlan of(BusLog log, Keep keep, Instant now, @Nullable String domain)
      throws IOException {
    return new RemovalPlan(keep, now, domain, log);
  }

  /** What goes, in numbers. */
  Removal removal() {
    var records = new TreeMap<String, Long>();
    var kept = new TreeMap<String, Long>();
    cuts.forEach(
        (topic, cut) -> {
          var range = ranges.getOrDefault(topic, new Range(0, 0));
          records.put(topic.kafkaName(), cut - range.from());
          kept.put(topic.kafkaName(), range.to() - cut);
        });
    return new Removal(keep.toString(), records, kept, until, heldBy, report.findingCount());
  }

  /** The first place that is not as it was written; null if there is none. */
  @Nullable Finding finding() {
    return report.findings().stream().findFirst().orElse(null);
  }

  /** Whether something goes that no snapshot stands for yet. */
  boolean needsSnapshot() {
    return fresh > 0;
  }

  /** Whether something is still there for which a snapshot stands. */
  boolean isUnfinished() {
    return left.entrySet().stream().anyMatch(one -> one.getValue() > begin(one.getKey()));
  }

  /** The snapshot that stands for all that goes, not signed. */
  Snapshot snapshot(String service) {
    var findings = report.findingCount();
    return new Snapshot(
        service,
        keep.toString(),
        until == null ? now : until,
        removed.all(),
        replay.state(),
        findings == 0 ? null : findings,
        "",
        "");
  }

  /** The newest snapshot that there is; null if there is none. */
  @Nullable Snapshot newest() {
    return base;
  }

  /** Who wrote that. */
  @Nullable RecordHead newestHead() {
    return baseHead;
  }

  /** Where the records begin for which that does not stand. */
  Map<Topic, Long> left() {
    return left;
  }

  /** Where the records begin that stay. */
  Map<Topic, Long> cuts() {
    return cuts;
  }

  /** Where topics begin now. */
  long begin(Topic topic) {
    return ranges.getOrDefault(topic, new Range(0, 0)).from();
  }

  private void aim(BusLog log) throws IOException {
    var topics = EnumSet.copyOf(Topic.REMOVABLE);
    topics.retainAll(ranges.keySet());
    var since = keep.since(now);
    var young =
        since.isPresent() && !topics.isEmpty()
            ? log.since(topics, since.get())
            : Map.<Topic, Long>of();
    for (var topic : topics) {
      var range = ranges.getOrDefault(topic, new Range(0, 0));
      var count = keep.count();
      var wanted = count == null ? young.getOrDefault(topic, range.from()) : range.to() - count;
      cuts.put(topic, Math.clamp(wanted, range.from(), range.to()));
      left.put(topic, range.from());
    }
  }

  private void findNewest(BusLog log) throws IOException {
    var newest = new EnumMap<Topic, Long>(Topic.class);
    var places = new EnumMap<Topic, Long>(Topic.class);
    var owner = new String[1];
    log.read(
        EnumSet.of(Topic.CONFIG_CHANGED, Topic.CERT_CHANGED),
        raw -> {
          try {
            var head = raw.head();
            var number =
                switch (raw.event(head).orElse(null)) {
                  case ConfigChanged e -> e.version();
                  case CertChanged e -> e.generation();
                  case null, default -> 0L;
                };
            if (isOwn(head) && number > newest.getOrDefault(raw.topic(), 0L)) {
              newest.put(raw.topic(), number);
              places.put(raw.topic(), raw.offset());
              owner[0] = head.subject();
            }
          } catch (UnreadableRecord passedOver) {
            return;
          }
        });
    if (domain == null) {
      domain = owner[0];
    }
    for (var topic : List.of(Topic.CONFIG_CHANGED, Topic.CERT_CHANGED)) {
      hold(topic, places.getOrDefault(topic, begin(topic)), null);
    }
  }

  private boolean isOwn(RecordHead head) {
    return domain == null || domain.equalsIgnoreCase(head.subject());
  }

  /** Lets nothing go from a place on. */
  private void hold(Topic topic, long offset, @Nullable String why) {
    var cut = cuts.get(topic);
    if (cut != null && offset < cut) {
      cuts.put(topic, offset);
      if (why != null) {
        heldBy.add("%s, offset %d: %s".formatted(topic.kafkaName(), offset, why));
      }
    }
  }

  private void next(RawRecord raw) {
    verification.next(raw);
    if (raw.topic() == Topic.SNAPSHOT) {
      begin(raw);
    } else if (raw.offset() < cuts.getOrDefault(raw.topic(), 0L)) {
      consider(raw);
    } else if (Topic.REMOVABLE.contains(raw.topic())) {
      stays(raw);
    }
  }

  private void begin(RawRecord raw) {
    SnapshotSignature.read(raw)
        .ifPresent(
            snapshot -> {
              base = snapshot;
              baseHead = headOf(raw);
              known = new Removed(snapshot);
              removed = new Removed(snapshot);
              replay = new StateReplay(Instant.MAX, snapshot);
              until = snapshot.until();
            });
  }

  /** A record's attributes; null if it has none. */
  static @Nullable RecordHead headOf(RawRecord raw) {
    try {
      return raw.head();
    } catch (UnreadableRecord e) {
      return null;
    }
  }

  private void consider(RawRecord raw) {
    try {
      var head = raw.head();
      if (known.holds(raw.topic(), head)) {
        left.put(raw.topic(), raw.offset() + 1);
        return;
      }
      var why = neededFor(head);
      if (why != null) {
        hold(raw.topic(), raw.offset(), why);
        return;
      }
      removed.add(raw.topic(), head, raw.digest(head));
      // A clock may have been wrong once.
      var time = head.time().isAfter(now) ? now : head.time();
      until = until == null || time.isAfter(until) ? time : until;
      fresh++;
      replay.next(raw);
    } catch (UnreadableRecord passedOver) {
      // It tells of no state, and goes with what is around it.
      return;
    }
  }

  /** What a snapshot stands for goes, even if today it would be kept. */
  private void stays(RawRecord raw) {
    var head = headOf(raw);
    if (head != null && known.holds(raw.topic(), head)) {
      left.put(raw.topic(), raw.offset() + 1);
    }
  }

  private @Nullable String neededFor(RecordHead head) {
    if (!isOwn(head)) {
      return "it is a record of another relay, that of " + head.subject();
    }
    return COUNTED.contains(EventTypes.shortName(head.type()))
            && head.time().isAfter(now.minus(ORDERS_COUNT))
        ? "what was asked of an authority counts for a week"
        : null;
  }
}
