package dev.postbus.events;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A service's own records of a topic, in one pass up to its present end. */
final class OwnRecords {
  private static final Logger log = LoggerFactory.getLogger(OwnRecords.class);

  private OwnRecords() {}

  /** Reads; see {@link EventBus#readOwn}. Data of other services' records are not looked at. */
  static void read(
      BusSettings settings, Topic topic, long from, Consumer<Envelope<RelayEvent>> taker) {
    try (var consumer = KafkaClients.endingConsumer(settings.bootstrap())) {
      var partition = KafkaClients.partition(topic);
      consumer.assign(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      if (from > end) {
        consumer.seekToBeginning(List.of(partition));
      } else {
        consumer.seek(partition, from);
      }
      while (consumer.position(partition) < end) {
        for (var kafka : consumer.poll(KafkaClients.PATIENCE)) {
          try {
            if (EventCodec.cloudEvent(kafka).getSource().equals(settings.source())) {
              taker.accept(EventCodec.read(kafka));
            }
          } catch (UnreadableRecord e) {
            log.debug("passed over offset {} of {}: {}", kafka.offset(), topic, e.getMessage());
          }
        }
      }
    }
  }
}
