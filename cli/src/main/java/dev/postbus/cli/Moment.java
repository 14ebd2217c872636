package dev.postbus.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A time in the past, as an operator says it. */
final class Moment {
  static final String FORMS = "2026-11-24T10:00:00Z, 10m, 2h, 3d (ago), or now";

  private Moment() {}

  /** As precise as events carry it. */
  static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * The time that a text means.
   *
   * @throws Failure if it means none
   */
  static Instant parse(String text, Instant now) {
    if (text.equals("now")) {
      return now;
    }
    if (text.matches("\\d{1,6}[smhd]")) {
      var count = Long.parseLong(text, 0, text.length() - 1, 10);
      return now.minus(
          switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(count);
            case 'm' -> Duration.ofMinutes(count);
            case 'h' -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
          });
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new Failure("'" + text + "' is no time: write " + FORMS);
    }
  }
}
