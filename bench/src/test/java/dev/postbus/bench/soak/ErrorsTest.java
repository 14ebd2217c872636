package dev.postbus.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ErrorsTest {
  private static final long KILL = Duration.ofMinutes(5).toNanos();

  private final Kills kills = new Kills();
  private final Errors errors = new Errors(kills);

  @Test
  void errorsAreForgivenInTheWindowOfAKillOnly() {
    // Given a kill
    kills.begin("kill of dovecot", KILL);

    // When the same happens long before it, in its window, and behind it
    var refused = new ConnectException("no");
    errors.add("send", refused, KILL - Duration.ofSeconds(2).toNanos());
    errors.add("send", refused, KILL + Duration.ofSeconds(14).toNanos());
    errors.add("send", refused, KILL + Duration.ofSeconds(16).toNanos());

    // Then two count
    assertThat(errors.outside()).isEqualTo(Map.of("send: connection refused", 2));
    assertThat(errors.near()).isEqualTo(Map.of("send: connection refused", 1));
    assertThat(errors.firstOutside()).containsValue(KILL - Duration.ofSeconds(2).toNanos());
  }

  @Test
  void addressesAndTimesDoNotMakeAKindOfTheirOwn() {
    errors.add("send", new IOException("RCPT TO:<abc@relay>: 450 4.7.1 too fast"), 0);
    errors.add("send", new IOException("RCPT TO:<xyz@relay>: 450 4.7.1 too fast"), 0);
    errors.add("log in", new IOException("LOGIN: a NO no [host:2026-11-24 12:00:00]"), 0);
    errors.add("log in", new IOException("LOGIN: a NO no [host:2026-11-24 12:00:01]"), 0);

    assertThat(errors.outside().values()).containsExactly(2, 2);
    assertThat(errors.outside().keySet())
        .allSatisfy(kind -> assertThat(kind).doesNotContain("abc", "xyz", "2026"));
  }

  @Test
  void whatBreaksAtTheEndDoesNotCount() {
    errors.end();

    errors.add("wait in IDLE", new EOFException(), 0);

    assertThat(errors.outside()).isEmpty();
  }

  @Test
  void aMomentIsToldByTheKillBeforeIt() {
    kills.begin("kill of nginx", 0);
    kills.begin("kill of dovecot", KILL);

    assertThat(kills.before(KILL + 2_500_000_000L)).isEqualTo("2.5 s after kill of dovecot");
    assertThat(kills.before(KILL - 60_000_000_000L)).isEqualTo("240.0 s after kill of nginx");
  }
}
