package dev.postbus.events;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Takes what an {@link EventReader} reads, on the reader's thread, in the order of each topic. */
@FunctionalInterface
public interface EventHandler {
  /** A record that was read. */
  void event(Envelope<RelayEvent> envelope);

  /** A record that could not be read; by default it is passed over. */
  default void unreadable(ConsumerRecord<String, byte[]> kafka, UnreadableRecord reason) {}

  /** Everything that was there at the start has been handled. */
  default void caughtUp() {}
}
