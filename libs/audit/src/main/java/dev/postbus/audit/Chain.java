package dev.postbus.audit;

import dev.postbus.events.Topic;

/**
 * The records of one writer on one topic.
 *
 * @param topic the topic
 * @param source the writer
 */
public record Chain(Topic topic, String source) implements Comparable<Chain> {
  @Override
  public int compareTo(Chain other) {
    var byTopic = TopicOrder.ORDER.compare(topic, other.topic);
    return byTopic != 0 ? byTopic : source.compareTo(other.source);
  }

  @Override
  public String toString() {
    return source + " on " + topic.kafkaName();
  }
}
