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

  @Test
  void letterCaseMakesNoOtherSender() {
    assertThat(rate.allows("Alice@relay.test", 1, 1)).isTrue();
    assertThat(rate.allows("alice@RELAY.test", 1, 1)).isFalse();
  }

  @Test
  void aMillionSendersAreNotAllRemembered() {
    for (int i = 0; i < 1_000_000; i++) {
      assertThat(rate.allows("sender" + i, 60, 10)).isTrue();
    }
    assertThat(rate.senders()).isLessThanOrEqualTo(20_000);
    // The last of them still count.
    for (int i = 1; i < 10; i++) {
      rate.allows("sender999999", 60, 10);
    }
    assertThat(rate.allows("sender999999", 60, 10)).isFalse();
  }

  @Test
  void sendersWhoseBucketIsEmptyAreForgotten() {
    for (int i = 0; i < 1000; i++) {
      rate.allows("sender" + i, 60, 10);
    }
    now += Duration.ofSeconds(2).toNanos();
    for (int i = 0; i < 1000; i++) {
      rate.allows("one", 1_000_000, 1000);
    }
    assertThat(rate.senders()).isEqualTo(1);
  }
}
