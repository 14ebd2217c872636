package dev.postbus.audit;

import dev.postbus.events.RawLog;
import dev.postbus.events.RawLog.Range;
import dev.postbus.events.RawRecord;
import dev.postbus.events.Topic;
import java.io.IOException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

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
      var first = log.ranges().get(Topic.CHECKPOINT);
      var ranges = new EnumMap<Topic, Range>(Topic.class);
      ranges.putAll(log.ranges());
      replace(ranges, first);
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

  private static void replace(Map<Topic, Range> ranges, @Nullable Range checkpoints) {
    if (checkpoints == null) {
      ranges.remove(Topic.CHECKPOINT);
    } else {
      ranges.put(Topic.CHECKPOINT, checkpoints);
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
