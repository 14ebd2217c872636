package dev.postbus.events;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;

/** The whole log, record by record, for those who look at the past. Not for several threads. */
public final class RawLog implements AutoCloseable {
  private static final Duration SILENCE = Duration.ofSeconds(20);

  private final KafkaConsumer<byte[], byte[]> consumer;

  private RawLog(KafkaConsumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  /**
   * Where a topic begins and ends.
   *
   * @param from the first offset
   * @param to the one behind the last
   */
  public record Range(long from, long to) {}

  /**
   * Opens the log; what follows fails with a {@link KafkaException} if the bus does not answer.
   *
   * @param bootstrap Kafka's bootstrap servers, {@code host:port,…}
   */
  public static RawLog open(String bootstrap) {
    return new RawLog(KafkaClients.bulkConsumer(bootstrap));
  }

  /** The topics that are there, with where they begin and end now. */
  public Map<Topic, Range> ranges() {
    var there = consumer.listTopics().keySet();
    var found = EnumSet.allOf(Topic.class);
    found.removeIf(topic -> !there.contains(topic.kafkaName()));
    var partitions = KafkaClients.partitions(found);
    var begins = consumer.beginningOffsets(partitions);
    var ends = consumer.endOffsets(partitions);
    var ranges = new EnumMap<Topic, Range>(Topic.class);
    for (var topic : found) {
      var partition = KafkaClients.partition(topic);
      ranges.put(
          topic, new Range(begins.getOrDefault(partition, 0L), ends.getOrDefault(partition, 0L)));
    }
    return ranges;
  }

  /**
   * For each topic, the first offset at which something was sent at a time or later; the end where
   * there is none.
   */
  public Map<Topic, Long> since(Set<Topic> topics, Instant time) {
    var asked = new java.util.HashMap<TopicPartition, Long>();
    KafkaClients.partitions(topics)
        .forEach(partition -> asked.put(partition, Math.max(0, time.toEpochMilli())));
    var ends = consumer.endOffsets(asked.keySet());
    var found = consumer.offsetsForTimes(asked);
    var offsets = new EnumMap<Topic, Long>(Topic.class);
    for (var topic : topics) {
      var partition = KafkaClients.partition(topic);
      var first = found.get(partition);
      offsets.put(topic, first == null ? ends.getOrDefault(partition, 0L) : first.offset());
    }
    return offsets;
  }

  /**
   * Reads a part of a topic. Records are taken on the caller's thread, while the next ones are
   * fetched.
   *
   * @param taker gets each record, in order
   * @throws TimeoutException if the bus is silent for 20 s
   * @throws org.apache.kafka.clients.consumer.InvalidOffsetException if records of the range are
   *     not there any more
   */
  public void read(Topic topic, Range range, Consumer<RawRecord> taker) {
    ReadAhead.of(batches -> fetch(topic, range, batches), taker);
  }

  private void fetch(Topic topic, Range range, ReadAhead.Batches batches)
      throws InterruptedException {
    var partition = KafkaClients.partition(topic);
    consumer.assign(List.of(partition));
    consumer.seek(partition, range.from());
    var heard = System.nanoTime();
    while (consumer.position(partition) < range.to()) {
      var some = consumer.poll(Duration.ofMillis(500));
      for (var kafka : some) {
        if (kafka.offset() >= range.to()) {
          return;
        }
        batches.add(raw(topic, kafka));
      }
      if (!some.isEmpty()) {
        heard = System.nanoTime();
      } else if (System.nanoTime() - heard > SILENCE.toNanos()) {
        throw new TimeoutException(
            "topic %s: no answer behind offset %d"
                .formatted(topic.kafkaName(), consumer.position(partition)));
      }
    }
  }

  /**
   * Removes records for ever.
   *
   * @param bootstrap Kafka's bootstrap servers, {@code host:port,…}
   * @param offsets for some topics, before which offset nothing is to be left
   * @throws org.apache.kafka.common.KafkaException if the bus does not do so
   */
  public static void removeBefore(String bootstrap, Map<Topic, Long> offsets) {
    KafkaClients.deleteBefore(bootstrap, offsets);
  }

  @Override
  public void close() {
    consumer.close();
  }

  private static RawRecord raw(Topic topic, ConsumerRecord<byte[], byte[]> kafka) {
    var headers = new ArrayList<RawHeader>();
    for (Header header : kafka.headers()) {
      headers.add(new RawHeader(header.key(), header.value()));
    }
    return new RawRecord(
        topic, kafka.offset(), kafka.timestamp(), kafka.key(), headers, kafka.value());
  }
}
