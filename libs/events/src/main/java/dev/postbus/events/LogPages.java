package dev.postbus.events;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads pieces of the log by offsets, for whoever wants to look at some of it: on the caller's
 * thread, one at a time. The connection is kept for the next piece, and closed when none was asked
 * for in a while.
 *
 * <p>All methods throw {@link KafkaException} if the bus does not answer within a few seconds.
 */
public final class LogPages implements AutoCloseable {
  private static final Duration IDLE = Duration.ofMinutes(1);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Bounds NOTHING = new Bounds(0, 0);

  private final String bootstrap;
  private @Nullable KafkaConsumer<String, byte[]> consumer;
  private long lastUse;
  private boolean closed;

  /**
   * Prepares it; nothing is connected yet.
   *
   * @param bootstrap Kafka's bootstrap servers, {@code host:port,…}
   */
  public LogPages(String bootstrap) {
    this.bootstrap = bootstrap;
  }

  /**
   * What there is of a topic.
   *
   * @param begin offset of the first record
   * @param end offset that the next one will have
   */
  public record Bounds(long begin, long end) {}

  /** What there is of topics now; one that nobody has made yet is empty. */
  public synchronized Map<Topic, Bounds> bounds(Iterable<Topic> topics) {
    var partitions = KafkaClients.partitions(topics);
    return use(
        opened -> {
          var begins = opened.beginningOffsets(partitions);
          var ends = opened.endOffsets(partitions);
          var bounds = new EnumMap<Topic, Bounds>(Topic.class);
          for (var partition : partitions) {
            bounds.put(
                Topic.ofKafkaName(partition.topic()),
                new Bounds(begins.getOrDefault(partition, 0L), ends.getOrDefault(partition, 0L)));
          }
          return bounds;
        });
  }

  /**
   * The offsets of the first records that were put on the log at a time or later; topics that have
   * none are missing.
   */
  public synchronized Map<Topic, Long> offsetsAt(Iterable<Topic> topics, Instant time) {
    return use(
        opened -> {
          var asked = new HashMap<TopicPartition, Long>();
          for (var partition : KafkaClients.partitions(topics)) {
            asked.put(partition, time.toEpochMilli());
          }
          var offsets = new EnumMap<Topic, Long>(Topic.class);
          opened
              .offsetsForTimes(asked)
              .forEach(
                  (partition, found) -> {
                    if (found != null) {
                      offsets.put(Topic.ofKafkaName(partition.topic()), found.offset());
                    }
                  });
          return offsets;
        });
  }

  /**
   * Records of a topic, in their order.
   *
   * @param from offset of the first
   * @param to offset behind the last; within the topic's bounds
   */
  public List<LoggedRecord> read(Topic topic, long from, long to) {
    return read(Map.of(topic, new Bounds(from, to))).getOrDefault(topic, List.of());
  }

  /**
   * Records of several topics, of each in their order. That takes little longer than those of one,
   * as the broker is asked for all at once.
   *
   * @param pieces from where to where; within the topics' bounds
   */
  public synchronized Map<Topic, List<LoggedRecord>> read(Map<Topic, Bounds> pieces) {
    return use(
        opened -> {
          var records = new EnumMap<Topic, List<LoggedRecord>>(Topic.class);
          var asked = new HashMap<TopicPartition, Bounds>();
          pieces.forEach(
              (topic, piece) -> {
                if (piece.begin() < piece.end()) {
                  asked.put(KafkaClients.partition(topic), piece);
                  records.put(topic, new ArrayList<>());
                }
              });
          // For other topics than before, the consumer looks at the metadata first, and does so
          // every 100 ms only. So what was asked for once stays, and waits.
          var assigned = new HashSet<>(opened.assignment());
          if (assigned.addAll(asked.keySet())) {
            opened.assign(assigned);
          }
          opened.pause(assigned);
          opened.resume(asked.keySet());
          asked.forEach((partition, piece) -> opened.seek(partition, piece.begin()));
          var deadline = System.nanoTime() + KafkaClients.PATIENCE.toNanos();
          var left = new HashSet<>(asked.keySet());
          while (!left.isEmpty()) {
            var polled = opened.poll(POLL);
            for (var partition : polled.partitions()) {
              var end = asked.getOrDefault(partition, NOTHING).end();
              var wanted =
                  records.getOrDefault(
                      Topic.ofKafkaName(partition.topic()), new ArrayList<LoggedRecord>());
              for (var kafka : polled.records(partition)) {
                if (kafka.offset() < end) {
                  wanted.add(new LoggedRecord(kafka));
                }
              }
            }
            for (var partition : List.copyOf(left)) {
              if (opened.position(partition) >= asked.getOrDefault(partition, NOTHING).end()) {
                left.remove(partition);
                // What stands behind is not wanted while others are waited for.
                opened.pause(List.of(partition));
              }
            }
            if (System.nanoTime() > deadline) {
              throw new TimeoutException("the bus does not show all of " + left);
            }
          }
          return records;
        });
  }

  private interface Use<T> {
    T of(KafkaConsumer<String, byte[]> consumer);
  }

  private <T> T use(Use<T> use) {
    if (closed) {
      throw new KafkaException("closed");
    }
    var opened = consumer;
    if (opened == null) {
      opened = KafkaClients.pageConsumer(bootstrap);
      consumer = opened;
      Thread.ofVirtual().name("log-pages-idle").start(this::closeWhenIdle);
    }
    lastUse = System.nanoTime();
    try {
      return use.of(opened);
    } catch (KafkaException e) {
      // The next one begins afresh.
      disconnect();
      throw e;
    }
  }

  private void closeWhenIdle() {
    try {
      while (true) {
        Thread.sleep(IDLE);
        synchronized (this) {
          if (consumer == null || System.nanoTime() - lastUse > IDLE.toNanos()) {
            disconnect();
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void disconnect() {
    var opened = consumer;
    consumer = null;
    if (opened != null) {
      opened.close(CloseOptions.timeout(Duration.ZERO));
    }
  }

  /** Ends it. */
  @Override
  public synchronized void close() {
    closed = true;
    disconnect();
  }
}
