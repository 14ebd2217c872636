package dev.postbus.events;

import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** Puts records of another log on the bus as they are. */
public final class RawWriter implements AutoCloseable {
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  private RawWriter(KafkaProducer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /**
   * Opens a writer, and makes the topics that are missing.
   *
   * @param bootstrap Kafka's bootstrap servers, {@code host:port,…}
   * @param replication replication factor for topics that have to be made, 1 or more
   */
  public static RawWriter open(String bootstrap, short replication) {
    KafkaClients.ensureTopics(bootstrap, replication);
    return new RawWriter(KafkaClients.rawProducer(bootstrap));
  }

  /**
   * Hands a record to the producer; it gets the next offset of its topic.
   *
   * @throws KafkaException if the bus does not take it, or did not take one before
   */
  public void write(RawRecord raw) {
    check();
    var headers = new ArrayList<Header>();
    raw.headers().forEach(header -> headers.add(new RecordHeader(header.name(), header.value())));
    producer.send(
        new ProducerRecord<>(
            raw.topic().kafkaName(), 0, raw.timestamp(), raw.key(), raw.value(), headers),
        (where, problem) -> {
          if (problem != null) {
            failure.compareAndSet(null, problem);
          }
        });
  }

  /**
   * Waits until the bus has acknowledged all.
   *
   * @throws KafkaException if it did not take one of them
   */
  public void flush() {
    producer.flush();
    check();
  }

  private void check() {
    var problem = failure.get();
    if (problem != null) {
      throw new KafkaException("not all records were taken: " + problem.getMessage(), problem);
    }
  }

  @Override
  public void close() {
    producer.close(KafkaClients.PATIENCE);
  }
}
