package dev.postbus.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
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
    gate = new Gate(new TokenFile(file), new Attempts(new Hands()), List.of("config"));
  }

  @Test
  void onlyTheTokenPasses() {
    assertThat(gate.refusal(SENDER, "GET", "/config", RIGHT)).isZero();
    assertThat(gate.refusal(SENDER, "GET", "/config", null)).isEqualTo(401);
    assertThat(gate.refusal(SENDER, "GET", "/config", TOKEN)).isEqualTo(401);
    assertThat(gate.refusal(SENDER, "GET", "/config", RIGHT + "x")).isEqualTo(401);
    assertThat(gate.refusal(SENDER, "GET", "/config", "Bearer ")).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/mail/users",
        "/",
        "/config/../mail/users",
        "/config/%2e%2e/mail",
        "/config/..",
        "/config//mail",
        "/config/%2fmail",
        "/config/;a=b",
        "/configs",
        "/q/health"
      })
  void nothingElseOfTheProcessIsReached(String path) {
    assertThat(gate.refusal(SENDER, "GET", path, RIGHT)).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/config/ini", "/config/versions/12/rollback", "/config/openapi.yaml"})
  void allOfTheInterfaceIsReached(String path) {
    assertThat(gate.refusal(SENDER, "GET", path, RIGHT)).isZero();
  }

  @Test
  void oneUsersPathIsReachedWhereMailIs() {
    var mail = new Gate(new TokenFile(file), new Attempts(new Hands()), List.of("mail", "web"));

    assertThat(mail.refusal(SENDER, "GET", "/mail/users/anna1234%40relay.example", RIGHT)).isZero();
    assertThat(mail.refusal(SENDER, "POST", "/web/plan", RIGHT)).isZero();
    assertThat(mail.refusal(SENDER, "GET", "/config", RIGHT)).isEqualTo(404);
  }

  @Test
  void anybodyMaySeeAProofForAnAuthorityAndNothingElse() {
    var proof = "/.well-known/acme-challenge/DGyRejmCefe7v4NfDGDKfA";

    assertThat(gate.refusal(SENDER, "GET", proof, null)).isZero();
    assertThat(gate.refusal(SENDER, "POST", proof, null)).isEqualTo(401);
    assertThat(gate.refusal(SENDER, "GET", proof + "/../../config", null)).isEqualTo(401);
    assertThat(gate.refusal(SENDER, "GET", "/.well-known/acme-challenge/", null)).isEqualTo(401);
  }

  @Test
  void afterAFewWrongTokensASenderMustWaitAndOthersNeedNot() {
    for (int i = 0; i < Attempts.ALLOWED; i++) {
      assertThat(gate.refusal(SENDER, "GET", "/config", "Bearer wrong" + i)).isEqualTo(401);
    }
    assertThat(gate.refusal(SENDER, "GET", "/config", RIGHT)).isEqualTo(429);
    assertThat(gate.refusal(InetAddress.ofLiteral("192.0.2.8"), "GET", "/config", RIGHT)).isZero();

    now = now.plus(Attempts.WINDOW).minus(Duration.ofMillis(1));
    assertThat(gate.refusal(SENDER, "GET", "/config", RIGHT)).isEqualTo(429);
    now = now.plus(Duration.ofMillis(1));
    assertThat(gate.refusal(SENDER, "GET", "/config", RIGHT)).isZero();
  }

  @Test
  void aWholeIpv6NetworkIsOneSender() {
    for (int i = 1; i <= Attempts.ALLOWED; i++) {
      gate.refusal(InetAddress.ofLiteral("2001:db8::" + i), "GET", "/config", "Bearer wrong");
    }
    assertThat(gate.refusal(InetAddress.ofLiteral("2001:db8::ffff"), "GET", "/config", RIGHT))
        .isEqualTo(429);
    assertThat(gate.refusal(InetAddress.ofLiteral("2001:db8:1::1"), "GET", "/config", RIGHT))
        .isZero();
  }

  @Test
  void anotherTokenCountsAtOnceAndAShortOneNever() throws IOException {
    Files.writeString(file, "another-token-that-nobody-guesses");
    assertThat(gate.refusal(SENDER, "GET", "/config", RIGHT)).isEqualTo(401);
    assertThat(gate.refusal(SENDER, "GET", "/config", "Bearer another-token-that-nobody-guesses"))
        .isZero();

    Files.writeString(file, "short");
    assertThat(gate.refusal(SENDER, "GET", "/config", "Bearer short")).isEqualTo(503);
    Files.delete(file);
    assertThat(gate.refusal(SENDER, "GET", "/config", RIGHT)).isEqualTo(503);
  }
}
