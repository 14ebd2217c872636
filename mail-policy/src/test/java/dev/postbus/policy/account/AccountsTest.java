package dev.postbus.policy.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.policy.TestSettings;
import dev.postbus.policy.settings.PolicySettings;
import dev.postbus.policy.settings.Registration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountsTest {
  private static final String ALICE = "alice1234@relay.test";
  private static final String PASSWORD = "correct horse";

  @TempDir Path folder;
  @TempDir Path proc;
  private final AccountCounters counters = new AccountCounters();
  private Accounts accounts;

  @BeforeEach
  void open() throws IOException {
    Files.writeString(proc.resolve("loadavg"), "0.10 0.20 0.30 1/100 1234\n");
    Files.writeString(proc.resolve("meminfo"), "MemTotal: 9 kB\nMemAvailable:   500000 kB\n");
    accounts =
        new Accounts(
            () -> TestSettings.in(folder, 1),
            TestSettings.invites(folder),
            Clock.fixed(Instant.parse("2026-05-05T17:18:19Z"), ZoneOffset.UTC),
            counters,
            proc);
  }

  @Test
  void theFirstLoginMakesTheAccountWithAPrivateHash() throws IOException {
    var account = accounts.findOrCreate(ALICE, PASSWORD).orElseThrow();

    var file = folder.resolve(ALICE).resolve("password");
    assertThat(account.passwordHash()).startsWith("{SHA512-CRYPT}$6$");
    var hash = account.passwordHash().substring("{SHA512-CRYPT}".length());
    assertThat(
            Sha2Crypt.sha512Crypt(PASSWORD.getBytes(java.nio.charset.StandardCharsets.UTF_8), hash))
        .isEqualTo(hash);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
    assertThat(folder.resolve(ALICE).resolve("enforceE2EEincoming")).exists();
    assertThat(accounts.acceptsCleartext(ALICE)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "alice123@relay.test,name too short",
    "alice12345@relay.test,name too long",
    "Alice1234@relay.test,upper case",
    "alice+123@relay.test,plus",
    "alice1234@other.test,foreign domain",
    "alice1234@relay.test.,foreign domain",
    "alice1234,no domain",
    "alice1234@,no domain",
    "../../1234@relay.test,a path",
    "a/ice1234@relay.test,a path",
    ".lice1234@relay.test/..,a path",
    "alice@234@relay.test,two at signs",
  })
  void whatCannotBeAnAccountIsNotMade(String address, String why) throws IOException {
    assertThat(accounts.findOrCreate(address, PASSWORD)).as(why).isEmpty();
    try (var made = Files.list(folder)) {
      assertThat(made).isEmpty();
    }
  }

  @Test
  void aShortPasswordMakesNone() throws IOException {
    assertThat(accounts.findOrCreate(ALICE, "12345678")).isEmpty();
    assertThat(accounts.findOrCreate(ALICE, "123456789")).isPresent();
  }

  @Test
  void whileCreationIsBlockedOnlyExistingOnesLogIn() throws IOException {
    accounts.findOrCreate(ALICE, PASSWORD);
    Files.createFile(folder.resolve("block-creation"));

    assertThat(accounts.findOrCreate("bob123456@relay.test", PASSWORD)).isEmpty();
    assertThat(accounts.findOrCreate(ALICE, PASSWORD)).isPresent();
  }

  @Test
  void aBusyOrFullMachineMakesNone() throws IOException {
    Files.writeString(proc.resolve("loadavg"), "1000.5 0 0 1/1 1\n");
    assertThat(accounts.findOrCreate(ALICE, PASSWORD)).isEmpty();
    Files.delete(proc.resolve("loadavg"));
    assertThat(accounts.findOrCreate(ALICE, PASSWORD)).isEmpty();
  }

  @Test
  void anEmptyPasswordFileBlocksTheAccount() throws IOException {
    Files.createDirectory(folder.resolve(ALICE));
    Files.createFile(folder.resolve(ALICE).resolve("password"));

    assertThat(accounts.findOrCreate(ALICE, PASSWORD)).isEmpty();
    assertThat(folder.resolve(ALICE).resolve("password")).isEmptyFile();
  }

  @Test
  void ofTwentyFirstLoginsOneDecides() throws Exception {
    var logins =
        IntStream.range(0, 20)
            .<Callable<String>>mapToObj(
                i ->
                    () ->
                        accounts.findOrCreate(ALICE, "password-" + i).orElseThrow().passwordHash())
            .toList();
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var hashes = pool.invokeAll(logins).stream().map(f -> f.resultNow()).distinct().toList();
      assertThat(hashes).hasSize(1);
    }
    try (var left = Files.list(folder.resolve(ALICE))) {
      assertThat(left.map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrder("password", "enforceE2EEincoming");
    }
  }

  @Test
  void aLoginIsRememberedByTheDay() throws IOException {
    accounts.findOrCreate(ALICE, PASSWORD);
    var file = folder.resolve(ALICE).resolve("password");
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));

    accounts.loggedIn(ALICE);

    assertThat(Files.getLastModifiedTime(file).toInstant())
        .isEqualTo(Instant.parse("2026-05-05T00:00:00Z"));
  }

  @Test
  void listsAccountsAndNothingElse() throws IOException {
    accounts.findOrCreate(ALICE, PASSWORD);
    Files.createDirectory(folder.resolve("no-password@relay.test"));

    var all = new java.util.ArrayList<String>();
    accounts.forEach(all::add);
    assertThat(all).containsExactly(ALICE);
  }

  @Test
  void lettersOfAPasswordAreCountedAndNotTheirBytes() throws IOException {
    // Dovecot sends UTF-8, of which each byte is a character here
    assertThat(accounts.findOrCreate(ALICE, utf8("€€€€€"))).isEmpty();
    assertThat(accounts.findOrCreate(ALICE, utf8("€€€€€€€€€"))).isPresent();
  }

  @Test
  void aNameMayBeginWithADot() throws IOException {
    assertThat(accounts.findOrCreate(".lice1234@relay.test", PASSWORD)).isPresent();
    assertThat(folder.resolve(".lice1234@relay.test/password")).exists();
  }

  @Test
  void anAccountOfARelayWithoutADomainHasItsAddressInBrackets() throws IOException {
    var settings = TestSettings.of("[1.2.3.4]", folder, 1);
    var relay =
        new Accounts(
            () -> settings, TestSettings.invites(folder), Clock.systemUTC(), counters, proc);

    assertThat(relay.findOrCreate("alice1234@[1.2.3.4]", PASSWORD)).isPresent();
    assertThat(relay.findOrCreate("alice1234@1.2.3.4", PASSWORD)).isEmpty();
    assertThat(folder.resolve("alice1234@[1.2.3.4]/password")).exists();
  }

  @Test
  void aMailboxOfThePublicRelayIsTakenAsItIs() throws IOException {
    // Given a folder as the public relay leaves it: no flag file, a hash with an end of line
    var home = Files.createDirectories(folder.resolve("otheruser@relay.test/cur")).getParent();
    Files.writeString(home.resolve("password"), "{SHA512-CRYPT}$6$salt$hash\n");

    var account = accounts.findOrCreate("otheruser@relay.test", "whatever it is");

    assertThat(account.orElseThrow().passwordHash()).isEqualTo("{SHA512-CRYPT}$6$salt$hash");
    assertThat(account.orElseThrow().home()).isEqualTo(home);
    assertThat(accounts.acceptsCleartext("otheruser@relay.test")).isTrue();
    try (var files = Files.list(home)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void accountsAndRefusalsAreCounted() throws IOException {
    // When somebody comes twice, a test once, and others may not come
    accounts.findOrCreate(ALICE, PASSWORD);
    accounts.findOrCreate(ALICE, PASSWORD);
    accounts.findOrCreate("ci-123456@relay.test", PASSWORD);
    accounts.findOrCreate("bob123456@relay.test", "short");
    accounts.findOrCreate("bob@relay.test", PASSWORD);
    accounts.findOrCreate("BOB123456@relay.test", PASSWORD);
    Files.createFile(TestSettings.in(folder, 1).blockCreation());
    accounts.findOrCreate("carl12345@relay.test", PASSWORD);

    // Then each counts for what it was
    assertThat(counters.created().of(AccountCounters.Kind.OTHER)).isEqualTo(1);
    assertThat(counters.created().of(AccountCounters.Kind.CI)).isEqualTo(1);
    assertThat(counters.refused().of(Refusal.Reason.PASSWORD_LENGTH)).isEqualTo(1);
    assertThat(counters.refused().of(Refusal.Reason.NAME_LENGTH)).isEqualTo(1);
    assertThat(counters.refused().of(Refusal.Reason.NAME_LETTERS)).isEqualTo(1);
    assertThat(counters.refused().of(Refusal.Reason.CREATION_BLOCKED)).isEqualTo(1);
  }

  @Test
  void aChangedPasswordCountsAtOnce() throws IOException {
    accounts.findOrCreate(ALICE, PASSWORD);
    var file = folder.resolve(ALICE).resolve("password");

    for (int i = 0; i < 200; i++) {
      Files.writeString(file, "{PLAIN}" + i);
      assertThat(accounts.find(ALICE).orElseThrow().passwordHash()).isEqualTo("{PLAIN}" + i);
    }
  }

  @ParameterizedTest
  @CsvSource({"memory, 1, 0", "disk, 0, 9223372036854775807"})
  void tooLittleMemoryOrDiskMakesNone(String what, long tooMuch, long disk) throws IOException {
    var strict =
        TestSettings.with(
            new PolicySettings.Accounts(
                9,
                9,
                9,
                5,
                500_000L * 1024 + tooMuch,
                disk,
                Registration.OPEN,
                folder.resolve("invites")),
            folder);
    var relay =
        new Accounts(() -> strict, TestSettings.invites(folder), Clock.systemUTC(), counters, proc);

    assertThat(relay.findOrCreate(ALICE, PASSWORD)).as(what).isEmpty();
    assertThat(counters.refused().of(Refusal.Reason.valueOf(what.toUpperCase(Locale.ROOT))))
        .isEqualTo(1);
  }

  private static String utf8(String text) {
    return new String(
        text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
        java.nio.charset.StandardCharsets.ISO_8859_1);
  }
}
