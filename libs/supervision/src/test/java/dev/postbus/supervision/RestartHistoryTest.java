package dev.postbus.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RestartHistoryTest {
  private final RestartHistory history = new RestartHistory();
  private final RestartPolicy policy = RestartPolicy.standard();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void theBackOffDoublesFromHalfASecondToThirty() {
    var patient = policy.neverGivingUp();
    for (var millis : new long[] {500, 1000, 2000, 4000, 8000, 16000, 30000, 30000}) {
      assertThat(history.failed(patient, now, Duration.ZERO)).contains(Duration.ofMillis(millis));
    }
  }

  @Test
  void thirtySecondsOfGoodRunningBeginItAnew() {
    history.failed(policy, now, Duration.ZERO);
    history.failed(policy, now, Duration.ofSeconds(29));
    assertThat(history.failed(policy, now, Duration.ofSeconds(30)))
        .contains(Duration.ofMillis(500));
  }

  @Test
  void theSixthRestartWithinAMinuteIsOneTooMany() {
    for (int i = 0; i < 5; i++) {
      assertThat(history.failed(policy, now, Duration.ZERO)).isPresent();
      now = now.plusSeconds(11);
    }
    assertThat(history.failed(policy, now, Duration.ZERO)).isEmpty();
  }

  @Test
  void restartsOutsideTheMinuteDoNotCount() {
    for (int i = 0; i < 20; i++) {
      assertThat(history.failed(policy, now, Duration.ZERO)).isPresent();
      now = now.plusSeconds(13);
    }
  }
}
