package dev.postbus.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * When something ends, as an operator says it: a number of minutes, hours or days from now, a day,
 * or a time.
 */
final class EndOption {
  private static final Pattern FROM_NOW = Pattern.compile("(\\d{1,5})([mhd])");

  private EndOption() {}

  /** The time that a text means; empty if it means none. */
  static Optional<Instant> parse(String text, Instant now) {
    var fromNow = FROM_NOW.matcher(text);
    try {
      if (fromNow.matches()) {
        return Optional.of(now.plus(length(fromNow.group(1), fromNow.group(2))));
      }
      return Optional.of(
          text.contains("T")
              ? Instant.parse(text)
              : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
    } catch (DateTimeException none) {
      return Optional.empty();
    }
  }

  private static Duration length(String number, String unit) {
    var count = Long.parseLong(number);
    return switch (unit) {
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }
}
