package dev.postbus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndOptionTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "30m, 2026-11-24T12:30:00Z",
    "12h, 2026-11-25T00:00:00Z",
    "7d, 2026-12-01T12:00:00Z",
    "2027-01-31, 2027-01-31T00:00:00Z",
    "2027-01-31T10:00:00Z, 2027-01-31T10:00:00Z",
  })
  void meansATime(String text, Instant time) {
    assertThat(EndOption.parse(text, NOW)).contains(time);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7", "d", "7w", "-1d", "2027-02-30", "2027-01-31T10:00", "tomorrow"})
  void orNone(String text) {
    assertThat(EndOption.parse(text, NOW)).isEmpty();
  }
}
