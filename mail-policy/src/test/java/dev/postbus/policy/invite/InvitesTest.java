package dev.postbus.policy.invite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postbus.policy.TestClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InvitesTest {
  private static final String ALICE = "alice1234@relay.test";
  private static final byte[] PASSWORD = "password1".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path folder;
  private final TestClock clock = new TestClock();
  private final Set<String> made = new HashSet<>();
  private Invites invites;

  @BeforeEach
  void open() throws IOException {
    invites = again();
  }

  /** As after a new start. */
  private Invites again() throws IOException {
    return Invites.in(folder.resolve("invites"), clock, made::contains);
  }

  @Test
  void aTokenIsKeptAsAHashForItsKeeperAlone() throws Exception {
    var token = invites.create(1, null, "for Bob").token();

    assertThat(token).matches("[a-z0-9]{26}");
    var file = folder.resolve("invites").resolve(sha256(token.getBytes(StandardCharsets.US_ASCII)));
    assertThat(file).content().doesNotContain(token).contains("for Bob");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
  }

  @Test
  void ofManyClaimsAtOnceAsManyHoldAsThereAreUses() throws Exception {
    var token = invites.create(3, null, "").token();

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var claims =
          threads.invokeAll(
              IntStream.range(0, 50)
                  .mapToObj(i -> (Callable<Boolean>) () -> claimed(token, i + ALICE))
                  .toList());
      assertThat(claims).filteredOn(claim -> claim.resultNow()).hasSize(3);
    }

    assertThat(again().list().getFirst().left()).isZero();
  }

  @Test
  void aUseHoldsForItsAddressAndPasswordAlone() throws Exception {
    claim(invites.create(1, null, "").token());

    var started = again();

    assertThat(started.admits(ALICE, PASSWORD)).isTrue();
    assertThat(started.admits(ALICE, "password2".getBytes(StandardCharsets.US_ASCII))).isFalse();
    assertThat(started.admits("bob123456@relay.test", PASSWORD)).isFalse();
  }

  @Test
  void aUseThatNobodyLogsInWithIsGivenBackAfterADay() throws Exception {
    var token = invites.create(1, null, "").token();
    claim(token);
    assertThatThrownBy(() -> claim(token)).hasMessageContaining("used up");

    clock.pass(Invites.RESERVED);

    assertThat(invites.admits(ALICE, PASSWORD)).isFalse();
    claim(token);
  }

  @Test
  void aUseWhoseAccountWasMadeIsUsedForGood() throws Exception {
    var token = invites.create(1, null, "").token();
    claim(token);

    invites.made(ALICE);

    clock.pass(Invites.RESERVED);
    assertThat(invites.admits(ALICE, PASSWORD)).isFalse();
    assertThatThrownBy(() -> claim(token)).hasMessageContaining("used up");
    assertThat(again().list().getFirst().made()).isEqualTo(1);
  }

  @Test
  void anAccountMadeJustBeforeAKillCountsAsUsed() throws Exception {
    var token = invites.create(1, null, "").token();
    claim(token);
    made.add(ALICE);
    clock.pass(Invites.RESERVED);

    var started = again();

    assertThatThrownBy(() -> started.claim(token, "bob123456@relay.test", sha256(PASSWORD)))
        .hasMessageContaining("used up");
    assertThat(started.list().getFirst().made()).isEqualTo(1);
  }

  @Test
  void anInvitationEnds() throws Exception {
    var token = invites.create(1, clock.instant().plus(Duration.ofHours(1)), "").token();
    clock.pass(Duration.ofHours(1));

    assertThatThrownBy(() -> claim(token)).hasMessageContaining("ended");
    assertThat(invites.list().getFirst().ended()).isTrue();
  }

  @Test
  void aRevokedInvitationIsWorthNothingNorAreItsWaitingUses() throws Exception {
    var created = invites.create(2, null, "");
    claim(created.token());

    assertThat(invites.revoke("0000000000")).isFalse();
    assertThat(invites.revoke(created.invite().id())).isTrue();

    for (var each : new Invites[] {invites, again()}) {
      assertThat(each.list()).isEmpty();
      assertThat(each.admits(ALICE, PASSWORD)).isFalse();
      assertThatThrownBy(() -> each.claim(created.token(), ALICE, sha256(PASSWORD)))
          .hasMessageContaining("not known");
    }
  }

  @Test
  void aDamagedFileIsLeftAndSparesTheOthers() throws Exception {
    var token = invites.create(1, null, "").token();
    var damaged = folder.resolve("invites").resolve("0".repeat(64));
    Files.writeString(damaged, "{\"uses\": 5");
    Files.writeString(damaged.resolveSibling("1".repeat(64)), "{}");
    Files.writeString(damaged.resolveSibling("2".repeat(64) + ".new"), "half");

    var started = again();

    assertThat(started.list()).hasSize(1);
    started.claim(token, ALICE, sha256(PASSWORD));
    assertThat(damaged).exists();
    assertThat(damaged.resolveSibling("2".repeat(64) + ".new")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Invites.MOST_USES + 1})
  void usesHaveBounds(int uses) {
    assertThatThrownBy(() -> invites.create(uses, null, "")).hasMessageContaining("1 to 1000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "\u001b[2J"})
  void aNoteIsOneLine(String note) {
    assertThatThrownBy(() -> invites.create(1, null, note)).hasMessageContaining("note");
  }

  @Test
  void whatIsOverAlreadyIsNotMade() {
    assertThatThrownBy(() -> invites.create(1, clock.instant(), "")).hasMessageContaining("future");
  }

  private void claim(String token) throws Exception {
    invites.claim(token, ALICE, sha256(PASSWORD));
  }

  private boolean claimed(String token, String address) throws Exception {
    try {
      invites.claim(token, address, sha256(PASSWORD));
      return true;
    } catch (Invites.Refused usedUp) {
      return false;
    }
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
