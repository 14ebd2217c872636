package dev.postbus.web.console;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/** Values as people read them. */
final class Texts {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int MOST_LETTERS = 400;

  private Texts() {}

  /** A time in UTC, to the second. */
  static String time(Instant time) {
    return TIME.format(time);
  }

  /** The same of one in ISO 8601; what is none stays as it is. */
  static String time(String time) {
    return instant(time).map(Texts::time).orElse(time);
  }

  /** A time in ISO 8601, or a day or a minute of UTC as browsers' fields give them. */
  static Optional<Instant> instant(String text) {
    var complete =
        text.matches("\\d{4}-\\d\\d-\\d\\d")
            ? text + "T00:00:00Z"
            : text.matches("\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d(:\\d\\d)?")
                ? text.replace(' ', 'T') + (text.length() == 16 ? ":00Z" : "Z")
                : text;
    try {
      return Optional.of(Instant.parse(complete));
    } catch (DateTimeException none) {
      return Optional.empty();
    }
  }

  static String span(Duration span) {
    var millis = span.toMillis();
    if (millis < 1000) {
      return millis + " ms";
    } else if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    } else if (span.toHours() < 1) {
      return span.toMinutes() + " min";
    }
    return span.toDays() < 2 ? span.toHours() + " h" : span.toDays() + " days";
  }

  /** How long from now, or how long ago. */
  static String distance(Instant time, Instant now) {
    var span = Duration.between(now, time).truncatedTo(ChronoUnit.SECONDS);
    return span.isNegative() ? span(span.negated()) + " ago" : "in " + span(span);
  }

  static String bytes(double bytes) {
    var value = bytes;
    for (var unit : new String[] {"B", "kB", "MB", "GB"}) {
      if (value < 1000) {
        return String.format(Locale.ROOT, unit.equals("B") ? "%.0f %s" : "%.1f %s", value, unit);
      }
      value /= 1000;
    }
    return String.format(Locale.ROOT, "%.1f TB", value);
  }

  /** A text that somebody else may have made as long as they liked, and to turn others around. */
  static String bounded(String text) {
    var shown = text.length() <= MOST_LETTERS ? text : text.substring(0, MOST_LETTERS) + "…";
    return shown.replaceAll("[\\p{Cc}\\p{Cf}&&[^\\n\\t]]", "\uFFFD");
  }
}
