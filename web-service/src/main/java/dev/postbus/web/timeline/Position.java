package dev.postbus.web.timeline;

import dev.postbus.events.Topic;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * A place on the log: what stands before these offsets is older.
 *
 * @param before an offset for each topic
 */
public record Position(Map<Topic, Long> before) {
  private static final String FORM =
      "\\d{1,18}(-\\d{1,18}){%d}".formatted(Topic.values().length - 1);

  /** Copies the map; of topics that are not in it there is nothing. */
  public Position {
    var complete = new EnumMap<Topic, Long>(Topic.class);
    for (var topic : Topic.values()) {
      complete.put(topic, before.getOrDefault(topic, 0L));
    }
    before = Collections.unmodifiableMap(complete);
  }

  /** As {@link #toString} writes it; empty if it is none. */
  public static Optional<Position> parse(String text) {
    if (!text.matches(FORM)) {
      return Optional.empty();
    }
    var numbers = text.split("-", -1);
    var before = new EnumMap<Topic, Long>(Topic.class);
    var next = 0;
    for (var topic : Topic.values()) {
      before.put(topic, Long.parseLong(numbers[next]));
      next++;
    }
    return Optional.of(new Position(before));
  }

  /** A short form for a link. */
  @Override
  public String toString() {
    var text = new StringBuilder();
    for (var topic : Topic.values()) {
      text.append(text.isEmpty() ? "" : "-").append(before.getOrDefault(topic, 0L));
    }
    return text.toString();
  }
}
