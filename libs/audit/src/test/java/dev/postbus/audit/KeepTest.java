package dev.postbus.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeepTest {
  @Test
  void anAgeOrACountIsRead() {
    assertThat(Keep.parse(" 90d ")).contains(new Keep(Duration.ofDays(90), null));
    assertThat(Keep.parse("36500D")).contains(new Keep(Duration.ofDays(36_500), null));
    assertThat(Keep.parse("100000")).contains(new Keep(null, 100_000L));
    assertThat(Keep.parse("90d").orElseThrow()).hasToString("90d");
    assertThat(Keep.parse("7").orElseThrow()).hasToString("7");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " ", "off", "OFF"})
  void nothingMeansThatAllIsKept(String text) {
    assertThat(Keep.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "0d", "-1", "90 days", "36501d", "1000000001", "1h", "d", "1e3", "٩d"})
  void whatIsNeitherIsRefusedWithWhatIsAllowed(String text) {
    assertThatThrownBy(() -> Keep.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("'" + text + "'", "1d to 36500d", "1 to 1000000000", "off");
  }
}
