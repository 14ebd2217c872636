package dev.postbus.events;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads topics by assignment and seek on a thread of its own, for as long as it is open. There is
 * no consumer group: every reader sees everything, and nothing waits for a rebalance. A bus that is
 * away is waited for.
 */
public final class EventReader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EventReader.class);
  private static final Duration POLL = Duration.ofSeconds(2);

  private final String bootstrap;
  private final @Nullable String domain;
  private final List<TopicPartition> partitions;
  private final Map<Topic, Long> positions = new EnumMap<>(Topic.class);
  private final EventHandler handler;
  private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
  private final Thread thread;
  // Interrupts would cut off what the consumer says to the broker at its end.
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile boolean closed;
  private volatile @Nullable KafkaConsumer<String, byte[]> consumer;

  private EventReader(
      String bootstrap,
      @Nullable String domain,
      Iterable<Topic> topics,
      Map<Topic, Long> offsets,
      EventHandler handler) {
    this.bootstrap = bootstrap;
    this.domain = domain;
    this.partitions = KafkaClients.partitions(topics);
    this.positions.putAll(offsets);
    this.handler = handler;
    this.thread = Thread.ofPlatform().name("event-reader").daemon().unstarted(this::run);
  }

  /** Starts reading, whatever relay the records belong to; see {@link EventBus#read}. */
  public static EventReader start(
      String bootstrap, Iterable<Topic> topics, Map<Topic, Long> offsets, EventHandler handler) {
    return start(bootstrap, null, topics, offsets, handler);
  }

  static EventReader start(
      String bootstrap,
      @Nullable String domain,
      Iterable<Topic> topics,
      Map<Topic, Long> offsets,
      EventHandler handler) {
    var reader = new EventReader(bootstrap, domain, topics, offsets, handler);
    reader.thread.start();
    return reader;
  }

  /**
   * The offsets at which topics end now.
   *
   * @throws KafkaException if the bus does not answer within a few seconds
   */
  public static Map<Topic, Long> ends(String bootstrap, Iterable<Topic> topics) {
    try (var consumer = KafkaClients.consumer(bootstrap)) {
      var ends = new EnumMap<Topic, Long>(Topic.class);
      consumer
          .endOffsets(KafkaClients.partitions(topics))
          .forEach((partition, end) -> ends.put(Topic.ofKafkaName(partition.topic()), end));
      return ends;
    }
  }

  /** Completes when everything that was there at the start has been handled. */
  public CompletableFuture<Void> caughtUp() {
    return caughtUp.copy();
  }

  /** Stops reading; returns when the handler is not called any more. */
  @Override
  public void close() {
    closed = true;
    var current = consumer;
    if (current != null) {
      current.wakeup();
    }
    stop.countDown();
    try {
      if (Thread.currentThread() != thread) {
        thread.join(Duration.ofSeconds(3));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closed) {
      try (var opened = KafkaClients.consumer(bootstrap)) {
        consumer = opened;
        readFrom(opened);
      } catch (WakeupException | org.apache.kafka.common.errors.InterruptException e) {
        if (!closed) {
          log.debug("reader was woken without being closed");
        }
      } catch (KafkaException away) {
        log.debug("the bus does not answer: {}", away.getMessage());
        pause();
      } finally {
        consumer = null;
      }
    }
  }

  private void readFrom(KafkaConsumer<String, byte[]> consumer) {
    consumer.assign(partitions);
    var ends = consumer.endOffsets(partitions);
    for (var partition : partitions) {
      var from = positions.get(Topic.ofKafkaName(partition.topic()));
      // Behind the end only if the log was lost: then there is a new one, to be read whole.
      if (from == null || from > ends.getOrDefault(partition, 0L)) {
        consumer.seekToBeginning(List.of(partition));
      } else {
        consumer.seek(partition, from);
      }
    }
    while (!closed) {
      if (!caughtUp.isDone() && reached(consumer, ends)) {
        safely(handler::caughtUp, "catching up");
        caughtUp.complete(null);
      }
      for (var kafka : consumer.poll(caughtUp.isDone() ? POLL : Duration.ofMillis(200))) {
        if (closed) {
          return;
        }
        handle(kafka);
        positions.put(Topic.ofKafkaName(kafka.topic()), kafka.offset() + 1);
      }
    }
  }

  private static boolean reached(
      KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private void handle(ConsumerRecord<String, byte[]> kafka) {
    var where = "offset " + kafka.offset() + " of " + kafka.topic();
    try {
      var envelope = EventCodec.read(kafka);
      if (domain != null && !domain.equalsIgnoreCase(envelope.subject())) {
        throw UnreadableRecord.broken(
            "it belongs to the relay of %s, not of %s".formatted(envelope.subject(), domain));
      }
      safely(() -> handler.event(envelope), where);
    } catch (UnreadableRecord e) {
      log.warn("{} at {}", e.getMessage(), where);
      safely(() -> handler.unreadable(kafka, e), where);
    }
  }

  private static void safely(Runnable task, String what) {
    try {
      task.run();
    } catch (RuntimeException e) {
      log.error("handling {} failed", what, e);
    }
  }

  private void pause() {
    try {
      stop.await(200, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
