package dev.postbus.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How much of the log is kept: what is younger than an age, or the newest records of each topic.
 * One of both is null.
 *
 * @param age how old a record may become
 * @param count how many records of each topic stay
 */
public record Keep(@Nullable Duration age, @Nullable Long count) {
  /** What may be written. */
  public static final String ALLOWED =
      "an age in days, 1d to 36500d, or how many records of each topic, 1 to 1000000000, or off";

  private static final Pattern DAYS = Pattern.compile("([1-9]\\d{0,4})d");
  private static final Pattern COUNT = Pattern.compile("[1-9]\\d{0,9}");
  private static final long MOST_DAYS = 36_500;
  private static final long MOST_RECORDS = 1_000_000_000;

  /**
   * What a text says.
   *
   * @param text as in {@value #ALLOWED}; null or blank is off
   * @return empty if all is kept
   * @throws IllegalArgumentException if it says nothing of that; the message begins with what was
   *     written
   */
  public static Optional<Keep> parse(@Nullable String text) {
    var written = text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
    if (written.isEmpty() || written.equals("off")) {
      return Optional.empty();
    }
    var days = DAYS.matcher(written);
    if (days.matches() && Long.parseLong(days.group(1)) <= MOST_DAYS) {
      return Optional.of(new Keep(Duration.ofDays(Long.parseLong(days.group(1))), null));
    }
    if (COUNT.matcher(written).matches() && Long.parseLong(written) <= MOST_RECORDS) {
      return Optional.of(new Keep(null, Long.parseLong(written)));
    }
    throw new IllegalArgumentException("'%s' is none of: %s".formatted(text, ALLOWED));
  }

  /** Before which time nothing is kept; empty if the age does not matter. */
  Optional<Instant> since(Instant now) {
    return Optional.ofNullable(age).map(now::minus);
  }

  @Override
  public String toString() {
    return age == null ? String.valueOf(count) : age.toDays() + "d";
  }
}
