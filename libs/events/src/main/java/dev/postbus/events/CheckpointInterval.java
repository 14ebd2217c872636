package dev.postbus.events;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * How often a writer signs what it has written.
 *
 * @param records after so many records of its own, 1 to 1000000
 * @param age and as soon as the last time is so long ago and there is something new; at least 1 s
 */
record CheckpointInterval(long records, Duration age) {
  private static final long MOST_RECORDS = 1_000_000;
  private static final long LONGEST_SECONDS = 366L * 24 * 3600;

  /** As {@code POSTBUS_CHECKPOINT_RECORDS} and {@code POSTBUS_CHECKPOINT_SECONDS} say. */
  static CheckpointInterval here() {
    return of(
        name -> Optional.ofNullable(System.getProperty(name)).orElseGet(() -> System.getenv(name)));
  }

  /** The same, where variables have other values. */
  static CheckpointInterval of(Function<String, @Nullable String> variables) {
    return new CheckpointInterval(
        number(variables, "POSTBUS_CHECKPOINT_RECORDS", 1000, MOST_RECORDS),
        Duration.ofSeconds(
            number(variables, "POSTBUS_CHECKPOINT_SECONDS", 24 * 3600, LONGEST_SECONDS)));
  }

  private static long number(
      Function<String, @Nullable String> variables, String name, long otherwise, long most) {
    return parse(name, variables.apply(name), otherwise, most);
  }

  static long parse(String name, @Nullable String text, long otherwise, long most) {
    if (text == null || text.isBlank()) {
      return otherwise;
    }
    if (text.matches("\\d{1,9}")) {
      var number = Long.parseLong(text);
      if (number >= 1 && number <= most) {
        return number;
      }
    }
    throw new ConfigException(
        "%s must be a whole number from 1 to %d, not '%s'".formatted(name, most, text));
  }
}
