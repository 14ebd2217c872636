package dev.postbus.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordTimeTest {
  @Test
  void timesAreWrittenAndReadAsTheLibraryDoes() {
    var random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      var second = random.nextLong(-3_000_000_000L, 300_000_000_000L);
      var nano = random.nextInt(1000) * 1_000_000 + (random.nextInt(4) == 0 ? 1 : 0);
      var time = Instant.ofEpochSecond(second, random.nextInt(10) == 0 ? 0 : nano);

      assertThat(RecordTime.print(time)).isEqualTo(time.toString());
      assertThat(RecordTime.parse(time.toString())).isEqualTo(time);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-26T16:30:00Z",
        "2026-11-26T16:30:00.1Z",
        "2026-11-26T16:30:00.120Z",
        "2026-11-26T16:30:00.123456789Z",
        "2026-11-26T16:30:00+01:00",
        "2024-02-29T00:00:00Z",
        "2026-11-26T24:00:00Z",
        "+1000000000-12-31T23:59:59.999999999Z",
        "-0001-01-01T00:00:00Z"
      })
  void anyFormIsRead(String text) {
    var expected =
        text.endsWith("Z") ? Instant.parse(text) : OffsetDateTime.parse(text).toInstant();

    assertThat(RecordTime.parse(text)).isEqualTo(expected);
    assertThat(RecordTime.print(expected)).isEqualTo(expected.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "now",
        "2026-02-30T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-11-26 16:30:00Z",
        "2026-11-26T16:30:00.1234567890Z",
        "2026-11-26T16:60:00Z",
        "٢٠٢٦-11-26T16:30:00Z"
      })
  void whatIsNoTimeIsRefused(String text) {
    assertThatThrownBy(() -> RecordTime.parse(text)).isInstanceOf(DateTimeException.class);
  }
}
