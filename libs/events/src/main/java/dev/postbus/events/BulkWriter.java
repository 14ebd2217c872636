package dev.postbus.events;

import dev.postbus.events.EventCodec.Attributes;
import java.net.URI;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Writes many events in a row under a source of its own, in the form and the chain in which
 * services write theirs, but without an outbox: what a crash takes is lost. For measurements.
 */
public final class BulkWriter implements AutoCloseable {
  private final KafkaProducer<String, byte[]> producer;
  private final Clock clock;
  private final String domain;
  private final URI source = URI.create("urn:postbus:bulk:" + EventBus.newId());
  private final Map<Topic, Link> links = new EnumMap<>(Topic.class);
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  private record Link(long sequence, String digest) {}

  private BulkWriter(KafkaProducer<String, byte[]> producer, Clock clock, String domain) {
    this.producer = producer;
    this.clock = clock;
    this.domain = domain;
  }

  /**
   * Opens a writer to topics that exist.
   *
   * @param bootstrap Kafka's bootstrap servers, {@code host:port,…}
   * @param domain the relay's mail domain
   */
  public static BulkWriter open(String bootstrap, String domain, Clock clock) {
    return new BulkWriter(KafkaClients.bulkProducer(bootstrap), clock, domain);
  }

  /** What is written as the source. */
  public URI source() {
    return source;
  }

  /**
   * Hands an event to the producer, waiting while its buffer is full.
   *
   * @throws KafkaException if the bus takes nothing for a minute
   */
  public synchronized void write(RelayEvent event) {
    var before = links.get(event.topic());
    var attributes =
        new Attributes(
            EventBus.newId(),
            event.type(),
            source,
            domain,
            clock.instant().truncatedTo(ChronoUnit.MILLIS),
            before == null ? 1 : before.sequence() + 1,
            null,
            before == null ? null : before.digest(),
            null,
            null);
    var data = EventCodec.dataOf(event);
    producer.send(
        EventCodec.write(event.topic(), attributes, data),
        (where, problem) -> {
          if (problem != null) {
            failure.compareAndSet(null, problem);
          }
        });
    links.put(event.topic(), new Link(attributes.sequence(), RecordDigest.of(attributes, data)));
  }

  /**
   * Waits until the bus has acknowledged all.
   *
   * @throws KafkaException if it did not take one of them
   */
  public void flush() {
    producer.flush();
    var problem = failure.get();
    if (problem != null) {
      throw new KafkaException("not all events were taken: " + problem.getMessage(), problem);
    }
  }

  @Override
  public void close() {
    producer.close(KafkaClients.PATIENCE);
  }
}
