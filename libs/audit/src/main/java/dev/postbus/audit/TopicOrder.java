package dev.postbus.audit;

import dev.postbus.events.Topic;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * In which order topics are read: what was signed comes before what it is about, and what stands
 * for removed records before those that are left.
 */
final class TopicOrder {
  static final Comparator<Topic> ORDER =
      Comparator.<Topic, Boolean>comparing(topic -> topic != Topic.CHECKPOINT)
          .thenComparing(topic -> topic != Topic.SNAPSHOT)
          .thenComparing(Comparator.naturalOrder());

  private TopicOrder() {}

  static List<Topic> of(Collection<Topic> topics) {
    return topics.stream().sorted(ORDER).toList();
  }
}
