package dev.postbus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postbus.bench.mail.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskAccountsTest {
  private static final Account MODEL = new Account("abcdefghi@_test.example", "a password");
  private static final FileTime DAY = FileTime.from(Instant.parse("2026-11-24T00:00:00Z"));

  @TempDir Path mailboxes;

  @BeforeEach
  void makeModel() throws IOException {
    var home = Files.createDirectory(mailboxes.resolve(MODEL.address()));
    var password = Files.writeString(home.resolve("password"), "{SHA512-CRYPT}$6$hash");
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
    Files.setLastModifiedTime(password, DAY);
    Files.createFile(home.resolve("enforceE2EEincoming"));
  }

  @Test
  void areCopiesOfTheModel() throws Exception {
    try (var accounts = DiskAccounts.like(MODEL, mailboxes)) {
      // When there are some, and then more
      accounts.growTo(3);
      accounts.growTo(12);

      // Then each has the model's password and files, with rights and time
      assertThat(accounts.count()).isEqualTo(12);
      var last = accounts.account(11);
      assertThat(last).isEqualTo(new Account("zz0000011@_test.example", MODEL.password()));
      var home = mailboxes.resolve(last.address());
      var password = home.resolve("password");
      assertThat(password).hasContent("{SHA512-CRYPT}$6$hash");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
          .isEqualTo("rw-------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home)))
          .isEqualTo("rwx------");
      assertThat(Files.getLastModifiedTime(password)).isEqualTo(DAY);
      assertThat(home.resolve("enforceE2EEincoming")).exists();
    }
  }

  @Test
  void nothingButOtherAccountsIsLeft() throws Exception {
    // Given accounts with mail, and one whose name is nearly like theirs
    var near = Files.createDirectory(mailboxes.resolve("zz000000a@_test.example"));
    try (var accounts = DiskAccounts.like(MODEL, mailboxes)) {
      accounts.growTo(2);
      var home = mailboxes.resolve(accounts.account(1).address());
      Files.createDirectories(home.resolve("new/deeper"));
      Files.writeString(home.resolve("new/1.host"), "mail");
    }

    // Then only what is not theirs is left
    try (var left = Files.list(mailboxes)) {
      assertThat(left).containsExactlyInAnyOrder(mailboxes.resolve(MODEL.address()), near);
    }
  }

  @Test
  void whatARunThatWasCutShortLeftIsRemoved() throws Exception {
    DiskAccounts.like(MODEL, mailboxes).growTo(3);

    DiskAccounts.like(MODEL, mailboxes).growTo(1);

    assertThat(mailboxes.resolve("zz0000000@_test.example")).exists();
    assertThat(mailboxes.resolve("zz0000001@_test.example")).doesNotExist();
  }

  @Test
  void withoutAModelItSaysWhatIsMissing() {
    var other = new Account("other@_test.example", "x");

    assertThatThrownBy(() -> DiskAccounts.like(other, mailboxes))
        .hasMessageContaining("other@_test.example has no mailbox");
  }
}
