package dev.postbus.config.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.access.Attempts;
import dev.postbus.access.Bearers;
import dev.postbus.access.TokenFile;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GateTest {
  private static final String TOKEN = "a-token-that-nobody-guesses";
  private static final String RIGHT = "Bearer " + TOKEN;
  private static final InetAddress SENDER = InetAddress.ofLiteral("192.0.2.7");

  @TempDir Path folder;
  private Path file;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Gate gate;

  /** A clock that the test sets. */
  private final class Hands extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  @BeforeEach
  void make() throws IOException {
    file = Files.writeString(folder.resolve("token"), TOKEN + "\n");
    gate = new Gate(new Bearers(new TokenFile(file), new Attempts(new Hands())));
  }

  @Test
  void onlyTheTokenPasses() {
    assertThat(gate.refusal(SENDER, "/config", RIGHT)).isZero();
    assertThat(gate.refusal(SENDER, "/config", null)).isEqualTo(401);
    assertThat(gate.refusal(SENDER, "/config", TOKEN)).isEqualTo(401);
    assertThat(gate.refusal(SENDER, "/config", RIGHT + "x")).isEqualTo(401);
    assertThat(gate.refusal(SENDER, "/config", "Bearer ")).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/mail/users",
        "/",
        "/config/../mail/users",
        "/config/%2e%2e/mail",
        "/configs",
        "/q/health"
      })
  void nothingElseOfTheProcessIsReached(String path) {
    assertThat(gate.refusal(SENDER, path, RIGHT)).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/config/ini", "/config/versions/12/rollback", "/config/openapi.yaml"})
  void allOfTheInterfaceIsReached(String path) {
    assertThat(gate.refusal(SENDER, path, RIGHT)).isZero();
  }

  @Test
  void afterAFewWrongTokensASenderMustWaitAndOthersNeedNot() {
    for (int i = 0; i < Attempts.ALLOWED; i++) {
      assertThat(gate.refusal(SENDER, "/config", "Bearer wrong" + i)).isEqualTo(401);
    }
    assertThat(gate.refusal(SENDER, "/config", RIGHT)).isEqualTo(429);
    assertThat(gate.refusal(InetAddress.ofLiteral("192.0.2.8"), "/config", RIGHT)).isZero();

    now = now.plus(Attempts.WINDOW).minus(Duration.ofMillis(1));
    assertThat(gate.refusal(SENDER, "/config", RIGHT)).isEqualTo(429);
    now = now.plus(Duration.ofMillis(1));
    assertThat(gate.refusal(SENDER, "/config", RIGHT)).isZero();
  }

  @Test
  void aWholeIpv6NetworkIsOneSender() {
    for (int i = 1; i <= Attempts.ALLOWED; i++) {
      gate.refusal(InetAddress.ofLiteral("2001:db8::" + i), "/config", "Bearer wrong");
    }
    assertThat(gate.refusal(InetAddress.ofLiteral("2001:db8::ffff"), "/config", RIGHT))
        .isEqualTo(429);
    assertThat(gate.refusal(InetAddress.ofLiteral("2001:db8:1::1"), "/config", RIGHT)).isZero();
  }

  @Test
  void anotherTokenCountsAtOnceAndAShortOneNever() throws IOException {
    Files.writeString(file, "another-token-that-nobody-guesses");
    assertThat(gate.refusal(SENDER, "/config", RIGHT)).isEqualTo(401);
    assertThat(gate.refusal(SENDER, "/config", "Bearer another-token-that-nobody-guesses"))
        .isZero();

    Files.writeString(file, "short");
    assertThat(gate.refusal(SENDER, "/config", "Bearer short")).isEqualTo(503);
    Files.delete(file);
    assertThat(gate.refusal(SENDER, "/config", RIGHT)).isEqualTo(503);
  }
}
