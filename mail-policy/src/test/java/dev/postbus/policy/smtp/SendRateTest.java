package dev.postbus.policy.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SendRateTest {
  private long now = 123_456;
  private final SendRate rate = new SendRate(() -> now);

  @Test
  void aBurstPassesAndThenOneASecond() {
    for (int i = 0; i < 10; i++) {
      assertThat(rate.allows("a", 60, 10)).as("message %d", i).isTrue();
    }
    assertThat(rate.allows("a", 60, 10)).isFalse();
    now += Duration.ofMillis(999).toNanos();
    assertThat(rate.allows("a", 60, 10)).isFalse();
    now += Duration.ofMillis(1).toNanos();
    assertThat(rate.allows("a", 60, 10)).isTrue();
    assertThat(rate.allows("a", 60, 10)).isFalse();
  }

  @Test
  void sendersDoNotShareABucket() {
    assertThat(rate.allows("a", 1, 1)).isTrue();
    assertThat(rate.allows("b", 1, 1)).isTrue();
    assertThat(rate.allows("a", 1, 1)).isFalse();
  }

  @Test
  void whatWasRefusedDoesNotCount() {
    rate.allows("a", 60, 1);
    for (int i = 0; i < 100; i++) {
      assertThat(rate.allows("a", 60, 1)).isFalse();
    }
    now += Duration.ofSeconds(1).toNanos();
    assertThat(rate.allows("a", 60, 1)).isTrue();
  }
}
