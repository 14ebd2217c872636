package dev.postbus.audit;

import dev.postbus.events.RecordHead;
import dev.postbus.events.Snapshot;
import dev.postbus.events.Topic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which records a snapshot stands for. Not for several threads. */
final class Removed {
  private final Map<Chain, Snapshot.RemovedTo> last = new HashMap<>();

  // Records of one chain come in long rows.
  private @Nullable Chain chain;
  private long to;

  /** None. */
  Removed() {}

  /** Those of a snapshot; what it says of topics that no relay has is passed over. */
  Removed(Snapshot snapshot) {
    for (var one : snapshot.removedTo()) {
      Topic.REMOVABLE.stream()
          .filter(topic -> topic.kafkaName().equals(one.topic()))
          .forEach(topic -> last.put(new Chain(topic, one.source()), one));
    }
  }

  /** The last removed record of a chain, 0 if there is none. */
  long to(Topic topic, String source) {
    if (last.isEmpty()) {
      return 0;
    }
    var known = chain;
    if (known == null || known.topic() != topic || !known.source().equals(source)) {
      known = new Chain(topic, source);
      var found = last.get(known);
      to = found == null ? 0 : found.sequence();
      chain = known;
    }
    return to;
  }

  boolean holds(Topic topic, RecordHead head) {
    return head.sequence() <= to(topic, head.source());
  }

  /** This record is now the last removed one of its chain. */
  void add(Topic topic, RecordHead head, String digest) {
    last.put(
        new Chain(topic, head.source()),
        new Snapshot.RemovedTo(topic.kafkaName(), head.source(), head.sequence(), digest));
    chain = null;
  }

  /** All of them, as snapshots have them. */
  List<Snapshot.RemovedTo> all() {
    return List.copyOf(new TreeMap<>(last).values());
  }

  /** By their chains. */
  Map<Chain, Snapshot.RemovedTo> byChain() {
    return Map.copyOf(last);
  }
}
