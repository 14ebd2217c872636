package dev.postbus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MomentTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "now, 2026-11-24T10:00:00Z",
    "30s, 2026-11-24T09:59:30Z",
    "10m, 2026-11-24T09:50:00Z",
    "2h, 2026-11-24T08:00:00Z",
    "3d, 2026-11-21T10:00:00Z",
    "2026-01-01T00:00:00.5Z, 2026-01-01T00:00:00.500Z"
  })
  void isATimeOrSoLongAgo(String text, Instant time) {
    assertThat(Moment.parse(text, NOW)).isEqualTo(time);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "3", "1y", "2026-01-01", "-3d"})
  void whatIsNoneIsRefusedWithTheForms(String text) {
    assertThatThrownBy(() -> Moment.parse(text, NOW))
        .isInstanceOf(Failure.class)
        .hasMessageContainingAll("'" + text + "'", "2h", "now");
  }
}
