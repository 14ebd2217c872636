package dev.postbus.policy.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postbus.policy.TestSettings;
import dev.postbus.policy.account.AccountRegister.Entry;
import dev.postbus.policy.account.AccountRegister.NoSuchAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountRegisterTest {
  private static final String ALICE = "alice1234@relay.test";
  private static final String HASH = "{SHA512-CRYPT}$6$salt$hash";
  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2026-01-02T00:00:00Z"));

  @TempDir Path folder;
  @TempDir Path elsewhere;
  private Accounts accounts;
  private AccountRegister register;

  @BeforeEach
  void open() throws IOException {
    accounts =
        new Accounts(
            () -> TestSettings.in(folder, 1),
            TestSettings.invites(folder),
            Clock.systemUTC(),
            new AccountCounters());
    register = new AccountRegister(() -> TestSettings.in(folder, 1), accounts);
    account(ALICE);
  }

  @Test
  void aBlockedAccountIsAsGoodAsNoneUntilItIsUnblocked() throws Exception {
    assertThat(register.block(ALICE)).isTrue();

    assertThat(accounts.find(ALICE)).isEmpty();
    assertThat(accounts.findOrCreate(ALICE, "any password")).isEmpty();
    assertThat(file("password")).isEmptyFile();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("password"))))
        .isEqualTo("rw-------");
    assertThat(register.show(ALICE).blocked()).isTrue();
    assertThat(register.block(ALICE)).isFalse();

    assertThat(register.unblock(ALICE)).isTrue();
    assertThat(accounts.find(ALICE).orElseThrow().passwordHash()).isEqualTo(HASH);
    assertThat(register.unblock(ALICE)).isFalse();
    assertThat(file("password.blocked")).doesNotExist();
  }

  @Test
  void blockingKeepsTheDayOfTheLastLogin() throws Exception {
    register.block(ALICE);
    assertThat(Files.getLastModifiedTime(file("password"))).isEqualTo(LONG_AGO);
    register.unblock(ALICE);
    assertThat(Files.getLastModifiedTime(file("password"))).isEqualTo(LONG_AGO);
  }

  @Test
  void aBlockingThatWasCutShortCanBeRepeatedOrForgotten() throws Exception {
    // Given the state after the hash was kept, before the password was emptied
    Files.createLink(file("password.blocked"), file("password"));

    assertThat(accounts.find(ALICE)).isPresent();
    assertThat(register.unblock(ALICE)).isFalse();
    assertThat(register.block(ALICE)).isTrue();
    assertThat(register.unblock(ALICE)).isTrue();
    assertThat(accounts.find(ALICE).orElseThrow().passwordHash()).isEqualTo(HASH);
  }

  @Test
  void anOldHashBesideANewerPasswordIsNotRestored() throws Exception {
    Files.writeString(file("password.blocked"), "{SHA512-CRYPT}$6$old$old");

    register.block(ALICE);
    register.unblock(ALICE);

    assertThat(accounts.find(ALICE).orElseThrow().passwordHash()).isEqualTo(HASH);
  }

  @Test
  void whatWasBlockedByHandCannotBeUnblocked() throws IOException {
    Files.writeString(file("password"), "");

    assertThatThrownBy(() -> register.unblock(ALICE)).hasMessageContaining("password.blocked");
  }

  @Test
  void aDeletedAccountIsGoneAndItsAddressFree() throws Exception {
    Files.createDirectories(file("cur"));

    register.delete(ALICE);

    assertThat(folder).isEmptyDirectory();
    assertThatThrownBy(() -> register.show(ALICE)).isInstanceOf(NoSuchAccount.class);
    assertThatThrownBy(() -> register.delete(ALICE)).isInstanceOf(NoSuchAccount.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "../x@relay.test", "nobody123@relay.test", "a@b@relay.test", "@"})
  void whatIsNoAccountIsLeftAlone(String address) {
    assertThatThrownBy(() -> register.delete(address)).isInstanceOf(NoSuchAccount.class);
    assertThatThrownBy(() -> register.block(address)).isInstanceOf(NoSuchAccount.class);
    assertThatThrownBy(() -> register.show(address)).isInstanceOf(NoSuchAccount.class);
    assertThat(file("password")).exists();
  }

  @Test
  void aLinkInPlaceOfAMailboxLeadsNowhere() throws IOException {
    Files.writeString(elsewhere.resolve("password"), HASH);
    Files.createSymbolicLink(folder.resolve("link12345@relay.test"), elsewhere);

    assertThatThrownBy(() -> register.delete("link12345@relay.test"))
        .isInstanceOf(NoSuchAccount.class);
    assertThatThrownBy(() -> register.block("link12345@relay.test"))
        .isInstanceOf(NoSuchAccount.class);
    assertThat(elsewhere.resolve("password")).isNotEmptyFile();
  }

  @Test
  void listsInOrderAndInPages() throws Exception {
    for (var name : new String[] {"d", "b", "c", "e"}) {
      account(name + "@relay.test");
    }
    Files.createDirectory(folder.resolve("no-password@relay.test"));
    Files.createDirectory(folder.resolve("other@domain.test"));
    register.block("b@relay.test");

    var first = register.page("", 2);
    var second = register.page(String.valueOf(first.next()), 2);
    var third = register.page(String.valueOf(second.next()), 2);

    var day = LocalDate.of(2026, 1, 2);
    assertThat(first.users())
        .containsExactly(new Entry(ALICE, day, false), new Entry("b@relay.test", day, true));
    assertThat(second.users())
        .extracting(Entry::address)
        .containsExactly("c@relay.test", "d@relay.test");
    assertThat(third.users()).extracting(Entry::address).containsExactly("e@relay.test");
    assertThat(register.page("no-password@relay.test", 2).next()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"devicetoken\":{\"a\":1,\"b\":2}}", "{\"devicetoken\":[\"a\",\"b\"]}"})
  void showsWhatThereIsToKnow(String metadata) throws Exception {
    Files.createFile(file("enforceE2EEincoming"));
    Files.setLastModifiedTime(file("enforceE2EEincoming"), LONG_AGO);
    Files.writeString(file("metadata.json"), metadata);
    Files.createDirectories(file(".Sent/cur"));
    Files.writeString(file(".Sent/cur/1.a"), "12345");

    var shown = register.show(ALICE);

    assertThat(shown.created()).isEqualTo(LONG_AGO.toInstant());
    assertThat(shown.lastLogin()).isEqualTo(LocalDate.of(2026, 1, 2));
    assertThat(shown.acceptsCleartext()).isFalse();
    assertThat(shown.messages()).isEqualTo(1);
    assertThat(shown.messageBytes()).isEqualTo(5);
    assertThat(shown.otherBytes()).isEqualTo(HASH.length() + metadata.length());
    assertThat(shown.pushTokens()).isEqualTo(2);
  }

  private void account(String address) throws IOException {
    var password = Files.createDirectory(folder.resolve(address)).resolve("password");
    Files.writeString(password, HASH);
    Files.setLastModifiedTime(password, LONG_AGO);
  }

  private Path file(String name) {
    return folder.resolve(ALICE).resolve(name);
  }
}
