package dev.postbus.events;

import java.util.Comparator;
import java.util.Optional;
import java.util.TreeSet;

/** What snapshots say about own records that retention has removed. */
final class RemovedHeads {
  private RemovedHeads() {}

  /** The last of them on a topic. */
  static Optional<Snapshot.RemovedTo> last(BusSettings settings, Topic topic) {
    var own = new TreeSet<Snapshot.RemovedTo>(Comparator.comparing(Snapshot.RemovedTo::sequence));
    try (var log = RawLog.open(settings.bootstrap())) {
      var range = log.ranges().get(Topic.SNAPSHOT);
      if (range != null) {
        log.read(
            Topic.SNAPSHOT,
            range,
            raw ->
                SnapshotSignature.read(raw).stream()
                    .flatMap(snapshot -> snapshot.removedTo().stream())
                    .filter(removed -> removed.topic().equals(topic.kafkaName()))
                    .filter(removed -> removed.source().equals(settings.source().toString()))
                    .forEach(own::add));
      }
    }
    return own.isEmpty() ? Optional.empty() : Optional.of(own.last());
  }
}
