package dev.postbus.audit;

import dev.postbus.events.RawLog;
import dev.postbus.events.RawLog.Range;
import dev.postbus.events.RawRecord;
import dev.postbus.events.Topic;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;

/** The log of a bus, up to where it ended when it was opened. */
public final class BusLog implements AuditLog {
  private final String bootstrap;
  private final RawLog log;
  private final Map<Topic, Range> ranges;

  private BusLog(String bootstrap, RawLog log, Map<Topic, Range> ranges) {
    this.bootstrap = bootstrap;
    this.log = log;
    this.ranges = ranges;
  }

  /**
   * Opens it.
   *
   * @param bootstrap Kafka's bootstrap servers, {@code host:port,…}
   * @throws IOException if the bus does not answer
   */
  public static BusLog open(String bootstrap) throws IOException {
    return open(bootstrap, Map.of());
  }

  /**
   * The same, leaving out what stands before some offsets.
   *
   * @param from the first offset of some topics
   * @throws IOException if the bus does not answer
   */
  public static BusLog open(String bootstrap, Map<Topic, Long> from) throws IOException {
    var log = RawLog.open(bootstrap);
    try {
      // What is signed in these checkpoints is older than they, so it is in the others' ranges.
      // What was removed before the others' begins were seen, a snapshot that is seen after that
      // stands for; and all that it stands for is before ends that are seen still later.
      var checkpoints = log.ranges();
      var begins = log.ranges();
      var snapshots = log.ranges();
      var ranges = new EnumMap<Topic, Range>(Topic.class);
      log.ranges()
          .forEach(
              (topic, end) -> {
                var begin = begins.getOrDefault(topic, end);
                ranges.put(topic, new Range(begin.from(), end.to()));
              });
      replace(ranges, Topic.CHECKPOINT, checkpoints);
      replace(ranges, Topic.SNAPSHOT, snapshots);
      ranges.replaceAll(
          (topic, range) ->
              new Range(
                  Math.clamp(from.getOrDefault(topic, 0L), range.from(), range.to()), range.to()));
      return new BusLog(bootstrap, log, ranges);
    } catch (KafkaException e) {
      log.close();
      throw new IOException("the bus at " + bootstrap + " does not answer", e);
    }
  }

  private static void replace(Map<Topic, Range> ranges, Topic topic, Map<Topic, Range> earlier) {
    var range = earlier.get(topic);
    if (range == null) {
      ranges.remove(topic);
    } else {
      ranges.put(topic, range);
    }
  }

  /** Where topics begin and end. */
  Map<Topic, Range> ranges() {
    return ranges;
  }

  /** For each topic, the first offset at which something was sent at a time or later. */
  Map<Topic, Long> since(Set<Topic> topics, Instant time) throws IOException {
    try {
      return log.since(topics, time);
    } catch (KafkaException e) {
      throw new IOException("the bus at " + bootstrap + " does not answer", e);
    }
  }

  @Override
  public Map<Topic, Long> counts() {
    var counts = new EnumMap<Topic, Long>(Topic.class);
    ranges.forEach((topic, range) -> counts.put(topic, range.to() - range.from()));
    return counts;
  }

  @Override
  public void read(Collection<Topic> topics, Consumer<RawRecord> taker) throws IOException {
    try {
      for (var topic : TopicOrder.of(topics)) {
        var range = ranges.get(topic);
        if (range != null && range.to() > range.from()) {
          log.read(topic, range, taker);
        }
      }
    } catch (InvalidOffsetException e) {
      throw new IOException(
          "retention has removed records of the bus at %s while it was read; repeat the command"
              .formatted(bootstrap),
          e);
    } catch (KafkaException e) {
      throw new IOException(
          "the bus at %s does not answer any more: %s".formatted(bootstrap, e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    log.close();
  }
}
