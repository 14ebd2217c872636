package dev.postbus.events;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;

/**
 * Times of records as text (ISO 8601), and back. A log has millions of them, all in one form, which
 * is read and written here digit by digit; whatever has another form goes the long way.
 */
final class RecordTime {
  /** {@code 2026-11-26T16:30:00}. */
  private static final int WHOLE_SECONDS = 19;

  private static final int MOST_FRACTION = 9;
  private static final int MILLI = 1_000_000;
  private static final long YEAR_10000 = 253_402_300_800L;

  private RecordTime() {}

  /**
   * The time that a text says.
   *
   * @throws DateTimeException if it says none
   */
  static Instant parse(String text) {
    if (!isUsual(text)) {
      return text.endsWith("Z") ? Instant.parse(text) : OffsetDateTime.parse(text).toInstant();
    }
    return LocalDateTime.of(
            number(text, 0, 4),
            number(text, 5, 7),
            number(text, 8, 10),
            number(text, 11, 13),
            number(text, 14, 16),
            number(text, 17, 19),
            nanos(text))
        .toInstant(ZoneOffset.UTC);
  }

  /** As {@link Instant#toString} has it. */
  static String print(Instant time) {
    if (time.getEpochSecond() < 0
        || time.getEpochSecond() >= YEAR_10000
        || time.getNano() % MILLI != 0) {
      return time.toString();
    }
    var at = LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC);
    var text = new StringBuilder(WHOLE_SECONDS + 5);
    digits(text, at.getYear(), 1000);
    digits(text.append('-'), at.getMonthValue(), 10);
    digits(text.append('-'), at.getDayOfMonth(), 10);
    digits(text.append('T'), at.getHour(), 10);
    digits(text.append(':'), at.getMinute(), 10);
    digits(text.append(':'), at.getSecond(), 10);
    var millis = at.get(ChronoField.MILLI_OF_SECOND);
    if (millis != 0) {
      digits(text.append('.'), millis, 100);
    }
    return text.append('Z').toString();
  }

  private static boolean isUsual(String text) {
    var last = text.length() - 1;
    if (last < WHOLE_SECONDS
        || text.charAt(last) != 'Z'
        || (last > WHOLE_SECONDS && text.charAt(WHOLE_SECONDS) != '.')
        || last == WHOLE_SECONDS + 1
        || last > WHOLE_SECONDS + 1 + MOST_FRACTION) {
      return false;
    }
    for (int i = 0; i < last; i++) {
      var wanted =
          switch (i) {
            case 4, 7 -> '-';
            case 10 -> 'T';
            case 13, 16 -> ':';
            case WHOLE_SECONDS -> '.';
            default -> '0';
          };
      var is = text.charAt(i);
      if (wanted == '0' ? is < '0' || is > '9' : is != wanted) {
        return false;
      }
    }
    // Midnight may be written as the end of the day before, and a second be inserted.
    return number(text, 11, 13) < 24 && number(text, 17, 19) < 60;
  }

  private static int nanos(String text) {
    var nanos = 0;
    var place = WHOLE_SECONDS + 1;
    for (int digit = 0; digit < MOST_FRACTION; digit++, place++) {
      nanos = nanos * 10 + (place < text.length() - 1 ? text.charAt(place) - '0' : 0);
    }
    return nanos;
  }

  private static int number(String text, int from, int to) {
    return Integer.parseInt(text, from, to, 10);
  }

  private static void digits(StringBuilder text, int number, int highest) {
    for (int unit = highest; unit > 0; unit /= 10) {
      text.append((char) ('0' + number / unit % 10));
    }
  }
}
