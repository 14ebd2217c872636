package dev.postbus.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.access.Attempts;
import dev.postbus.access.TokenFile;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who comes in, and for how long. */
class DoorTest {
  private static final String TOKEN = "a token that nobody can guess";
  private static final InetAddress SOMEBODY = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress ANOTHER = InetAddress.ofLiteral("192.0.2.2");

  @TempDir Path folder;
  private Instant now = Instant.parse("2026-11-26T12:00:00Z");
  private Door door;

  @BeforeEach
  void build() throws Exception {
    var token = Files.writeString(folder.resolve("token"), TOKEN + "\n");
    InstantSource source = () -> now;
    Clock clock = source.withZone(ZoneOffset.UTC);
    door = new Door(new TokenFile(token), clock);
  }

  @Test
  void theTokenOpensSessionsThatNobodyHasKnownBefore() {
    var ids = new HashSet<String>();
    for (int i = 0; i < 10; i++) {
      ids.add(entered(TOKEN).id());
    }

    assertThat(ids).hasSize(10).allMatch(id -> id.length() == 64);
  }

  @Test
  void aCodeIsGoodOnceAndNotForLong() {
    var code = door.code();
    entered(code);
    assertThat(door.enter(SOMEBODY, code).session()).isNull();

    var late = door.code();
    now = now.plus(LoginCodes.LIFE);
    assertThat(door.enter(SOMEBODY, late).session()).isNull();
  }

  @Test
  void whoGuessesMustWaitAndOthersNeedNot() {
    for (int i = 0; i < Attempts.ALLOWED; i++) {
      assertThat(door.enter(SOMEBODY, "guess " + i).status()).isEqualTo(403);
    }

    assertThat(door.enter(SOMEBODY, TOKEN).status()).isEqualTo(429);
    assertThat(door.enter(ANOTHER, TOKEN).session()).isNotNull();
    now = now.plus(Attempts.WINDOW);
    assertThat(door.enter(SOMEBODY, TOKEN).session()).isNotNull();
    assertThat(door.refusals()).isEqualTo(Attempts.ALLOWED);
  }

  @Test
  void aSessionEndsWhenNobodyUsesItAndInAnyCaseOneDay() {
    // Given one that is used, and one that only brings itself up to date
    var used = entered(TOKEN);
    var watched = entered(TOKEN);
    var begin = now;

    // When time goes by
    now = now.plus(Sessions.IDLE).minusSeconds(1);
    assertThat(door.sessions().find(used.id(), true)).isPresent();
    assertThat(door.sessions().find(watched.id(), false)).isPresent();
    now = now.plusSeconds(1);

    // Then the second is over, and the first one later
    assertThat(door.sessions().find(watched.id(), false)).isEmpty();
    while (now.isBefore(begin.plus(Sessions.LONGEST).minus(Duration.ofMinutes(20)))) {
      now = now.plus(Duration.ofMinutes(20));
      assertThat(door.sessions().find(used.id(), true)).isPresent();
    }
    now = begin.plus(Sessions.LONGEST);
    assertThat(door.sessions().find(used.id(), true)).isEmpty();
  }

  @Test
  void sessionsTakeBoundedRoom() {
    var first = entered(TOKEN);
    for (int i = 0; i < Sessions.MOST * 2; i++) {
      entered(TOKEN);
    }

    assertThat(door.sessions().count()).isEqualTo(Sessions.MOST);
    assertThat(door.sessions().find(first.id(), true)).isEmpty();
  }

  @Test
  void aFormIsOneOfItsOwnSession() {
    var one = entered(TOKEN);
    var another = entered(TOKEN);

    assertThat(one.owns(one.formToken())).isTrue();
    assertThat(one.owns(another.formToken())).isFalse();
    assertThat(one.owns("")).isFalse();
    assertThat(one.owns(null)).isFalse();
    assertThat(one.toString()).doesNotContain(one.id(), one.formToken());
  }

  private Session entered(String shown) {
    return Objects.requireNonNull(door.enter(SOMEBODY, shown).session(), "refused");
  }
}
