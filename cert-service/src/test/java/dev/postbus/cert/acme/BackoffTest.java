package dev.postbus.cert.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void waitsGrowToSixHoursAndStayThere() {
    assertThat(IntStream.rangeClosed(1, 11).mapToObj(i -> Backoff.after(i).toMinutes()))
        .containsExactly(1L, 2L, 5L, 10L, 20L, 40L, 80L, 160L, 320L, 360L, 360L);
    assertThat(Backoff.after(Integer.MAX_VALUE).toHours()).isEqualTo(6);
  }
}
