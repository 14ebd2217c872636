package dev.postbus.web.timeline;

import dev.postbus.events.LogPages;
import dev.postbus.events.LoggedRecord;
import dev.postbus.events.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one change has caused: its event, those that answer it, and those that answer these. How far
 * is looked for them has a bound.
 */
public final class Chain {
  /** Records of each topic that are looked at, backwards for a cause and forwards for effects. */
  public static final int REACH = 2000;

  private static final int DEEPEST = 20;
  // Clocks of machines that write to the same log differ a little.
  private static final Duration SKEW = Duration.ofSeconds(5);

  private final LogPages log;

  /** Reads by these. */
  public Chain(LogPages log) {
    this.log = log;
  }

  /**
   * An event with what it has caused.
   *
   * @param record the event
   * @param effects in the order of their time
   */
  public record Link(LoggedRecord record, List<Link> effects) {
    /** Copies the list. */
    public Link {
      effects = List.copyOf(effects);
    }

    /** When the last of all of it was put on the log. */
    public Instant end() {
      return effects.stream()
          .map(Link::end)
          .max(Comparator.naturalOrder())
          .filter(last -> last.isAfter(record.recorded()))
          .orElse(record.recorded());
    }
  }

  /**
   * A chain.
   *
   * @param first where it begins
   * @param causeMissing whether something before that was not found
   */
  public record Found(Link first, boolean causeMissing) {}

  /**
   * The chain that an event belongs to.
   *
   * @return empty if there is no such event
   * @throws org.apache.kafka.common.KafkaException if the bus does not answer
   */
  public Optional<Found> of(Topic topic, long offset) {
    var bounds = log.bounds(EnumSet.allOf(Topic.class));
    var bound = bounds.getOrDefault(topic, new LogPages.Bounds(0, 0));
    if (offset < bound.begin() || offset >= bound.end()) {
      return Optional.empty();
    }
    var start = log.read(topic, offset, offset + 1);
    if (start.isEmpty()) {
      return Optional.empty();
    }
    var first = start.getFirst();
    var depth = 0;
    while (!first.causationId().isEmpty() && depth++ < DEEPEST) {
      var cause = causeOf(first, bounds);
      if (cause.isEmpty()) {
        return Optional.of(new Found(withEffects(first, bounds), true));
      }
      first = cause.get();
    }
    return Optional.of(new Found(withEffects(first, bounds), false));
  }

  private Optional<LoggedRecord> causeOf(LoggedRecord effect, Map<Topic, LogPages.Bounds> bounds) {
    var above = log.offsetsAt(bounds.keySet(), effect.recorded().plus(SKEW));
    var pieces = new EnumMap<Topic, LogPages.Bounds>(Topic.class);
    for (var topic : List.of(Topic.CONFIG_CHANGED, Topic.CERT_CHANGED, Topic.RELAY_ACTIVITY)) {
      var bound = bounds.getOrDefault(topic, new LogPages.Bounds(0, 0));
      var to =
          topic == effect.topic()
              ? effect.offset()
              : Math.min(bound.end(), above.getOrDefault(topic, bound.end()));
      pieces.put(topic, new LogPages.Bounds(Math.max(bound.begin(), to - REACH), to));
    }
    return log.read(pieces).values().stream()
        .flatMap(List::stream)
        .filter(record -> record.id().equals(effect.causationId()))
        .findFirst();
  }

  private Link withEffects(LoggedRecord first, Map<Topic, LogPages.Bounds> bounds) {
    var from = log.offsetsAt(bounds.keySet(), first.recorded().minus(SKEW));
    var pieces = new EnumMap<Topic, LogPages.Bounds>(Topic.class);
    from.forEach(
        (topic, begin) -> {
          var end = bounds.getOrDefault(topic, new LogPages.Bounds(0, 0)).end();
          pieces.put(topic, new LogPages.Bounds(begin, Math.min(end, begin + REACH)));
        });
    var byCause = new HashMap<String, List<LoggedRecord>>();
    for (var records : log.read(pieces).values()) {
      for (var record : records) {
        if (!record.causationId().isEmpty()) {
          byCause.computeIfAbsent(record.causationId(), id -> new ArrayList<>()).add(record);
        }
      }
    }
    return link(first, byCause, new HashSet<>());
  }

  private static Link link(
      LoggedRecord record, Map<String, List<LoggedRecord>> byCause, Set<String> seen) {
    var effects = new ArrayList<Link>();
    if (seen.add(record.id()) && seen.size() < REACH) {
      for (var effect : byCause.getOrDefault(record.id(), List.of())) {
        effects.add(link(effect, byCause, seen));
      }
    }
    effects.sort(Comparator.comparing(effect -> effect.record().recorded()));
    return new Link(record, effects);
  }
}
