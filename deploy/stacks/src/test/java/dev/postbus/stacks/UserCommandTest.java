package dev.postbus.stacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postbus.testing.InTurn;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Accounts and their mail through the operator's command, with the real Dovecot and Postfix. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(InTurn.class)
class UserCommandTest {
  private static final int VMAIL = 5000;
  private static final int QUOTA = 1 << 20;

  private Path folder;
  private int offset;
  private Cli cli;

  @BeforeAll
  void up() throws Exception {
    folder = Files.createTempDirectory("postbus-");
    offset = LocalRelay.freeOffset(13_000);
    cli = new Cli(LocalRelay.checkout(), folder.resolve("state"));
    var up = cli.run("up", "--detach", "--shape", "together", "--port-offset", "" + offset);
    assertThat(up.exitCode()).as(up.output()).isZero();
    var set = cli.run("config", "set", "max_mailbox_size", "1M");
    assertThat(set.exitCode()).as(set.output()).isZero();
  }

  @AfterAll
  void down() throws Exception {
    if (cli != null) {
      cli.run("down");
    }
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  @Test
  void aBlockedAccountIsShutOutUntilItIsUnblocked() throws Exception {
    var alice = newUser();
    try (var session = alice.imap()) {
      session.hearUntil("l OK");
      session.say("s SELECT INBOX");
      session.hearUntil("s OK");
      session.say("i IDLE");
      session.hearUntil("+ idling");

      var blocked = cli.run("user", "block", alice.address());

      assertThat(blocked.exitCode()).as(blocked.output()).isZero();
      assertThat(blocked.output()).contains(alice.address() + " blocked");
      assertThat(ended(session)).isTrue();
    }
    assertThat(alice.canLogIn()).isFalse();
    assertThat(show(alice).path("blocked").asBoolean()).isTrue();
    assertThat(cli.run("user", "list").output())
        .containsPattern("blocked +" + alice.address().replace(".", "\\."));

    assertThat(cli.run("user", "unblock", alice.address()).exitCode()).isZero();
    assertThat(alice.canLogIn()).isTrue();
  }

  @Test
  void aDeletedAccountIsGoneWithItsMail() throws Exception {
    var alice = newUser();
    send(alice);
    assertThat(cli.run("user", "delete", alice.address()).exitCode()).isEqualTo(1);
    assertThat(mailbox(alice)).exists();

    var deleted = cli.run("user", "delete", "--yes", alice.address());

    assertThat(deleted.exitCode()).as(deleted.output()).isZero();
    assertThat(mailbox(alice)).doesNotExist();
    var again = cli.run("user", "show", alice.address());
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.output()).contains("no such account");
  }

  @Test
  void dovecotIteratesOverTheAccounts() throws Exception {
    var alice = newUser();
    var bob = newUser();
    cli.run("user", "block", bob.address());

    var doveadm =
        new ProcessBuilder(
                "/usr/bin/doveadm",
                "-c",
                folder.resolve("state/mail/rendered/current/dovecot/dovecot.conf").toString(),
                "user",
                "*")
            .redirectErrorStream(true)
            .start();
    var users = new String(doveadm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(doveadm.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(users.lines()).contains(alice.address()).doesNotContain(bob.address());
  }

  @Test
  void aMailboxThatFillsUpLosesItsOldestMails() throws Exception {
    // Given a mailbox just below three quarters of its quota, with mails of the last days
    var alice = newUser();
    var third = (QUOTA / 4 * 3 - 300) / 3;
    var mails =
        List.of(
            put(alice, Duration.ofDays(3), third),
            put(alice, Duration.ofDays(2), third),
            put(alice, Duration.ofDays(4), third));
    var before = runs();

    // When a mail arrives that takes it beyond
    send(alice);

    // Then the oldest is gone, and no other
    await().atMost(LocalRelay.LONG).until(() -> runs() > before);
    assertThat(mails.get(2)).doesNotExist();
    assertThat(mails.get(0)).exists();
    assertThat(mails.get(1)).exists();
    try (var imap = alice.imap()) {
      imap.hearUntil("l OK");
      imap.say("s SELECT INBOX");
      assertThat(imap.hearUntil("s OK")).contains("* 3 EXISTS");
      imap.say("q GETQUOTAROOT INBOX");
      var quota = String.join("\n", imap.hearUntil("q OK"));
      // In kilobytes: two thirds are left, and the new one.
      assertThat(quota).containsPattern("STORAGE 51\\d 1024");
    }
  }

  @Test
  void aMailboxOfThePublicRelayWorksAsItIs() throws Exception {
    // Given a folder as it was on another relay, whose names were longer, without a flag file
    var alice = new MailUser("a-long-name@" + LocalRelay.DOMAIN, "old-password", offset);
    var home = own(Files.createDirectory(mailbox(alice)));
    // Of "old-password", as crypt(3) makes it
    var openssl =
        new ProcessBuilder("openssl", "passwd", "-6", "-salt", "saltsalt", alice.password())
            .start();
    var hash = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    own(Files.writeString(home.resolve("password"), "{SHA512-CRYPT}" + hash.strip()));
    put(alice, Duration.ofDays(1), 1000);

    // Then its owner logs in with the password from there, and finds the mail
    assertThat(new MailUser(alice.address(), "other-password", offset).canLogIn()).isFalse();
    try (var imap = alice.imap()) {
      imap.hearUntil("l OK");
      imap.say("s SELECT INBOX");
      assertThat(imap.hearUntil("s OK")).contains("* 1 EXISTS");
    }
    assertThat(show(alice).path("acceptsCleartext").asBoolean()).isTrue();
    assertThat(Files.readString(home.resolve("password"))).contains(hash.strip());
  }

  @Test
  void anExpirySaysWhatWouldGoAndThenDoesIt() throws Exception {
    var alice = newUser();
    var old = put(alice, Duration.ofDays(30), 1000);

    var dry = cli.run("expire", "--dry-run");
    assertThat(dry.exitCode()).as(dry.output()).isZero();
    assertThat(dry.output()).contains("would go: 1 old mails, 1.0 kB", alice.address());
    assertThat(old).exists();

    assertThat(cli.run("expire").output()).contains("gone: 1 old mails, 1.0 kB");
    assertThat(old).doesNotExist();
  }

  @Test
  void storageIsReported() throws Exception {
    newUser();

    assertThat(cli.run("report").output())
        .contains("mails from 160.0 kB", "active in the last 1 days");
    var report = Cli.JSON.readTree(cli.run("report", "--json").output());
    assertThat(report.path("accounts").asInt()).isPositive();
    assertThat(report.path("active")).hasSize(7);
  }

  private static boolean ended(MailUser.Conversation session) {
    try {
      session.hearUntil("* BYE");
      return true;
    } catch (SocketTimeoutException stillThere) {
      return false;
    } catch (IOException hungUp) {
      return true;
    }
  }

  private MailUser newUser() throws IOException {
    var user =
        new MailUser(LocalRelay.name(9) + "@" + LocalRelay.DOMAIN, LocalRelay.PASSWORD, offset);
    assertThat(user.canLogIn()).isTrue();
    return user;
  }

  private void send(MailUser user) throws IOException {
    var message = Messages.encrypted(user.address(), user.address());
    assertThat(user.send(465, user.address(), user.address(), message)).startsWith("250");
    await()
        .atMost(LocalRelay.LONG)
        .until(
            () -> {
              try (var mails = Files.list(mailbox(user).resolve("new"))) {
                return mails.findAny().isPresent();
              }
            });
  }

  private JsonNode show(MailUser user) throws Exception {
    return Cli.JSON.readTree(cli.run("user", "show", "--json", user.address()).output());
  }

  private long runs() throws IOException {
    return Api.json(9101 + offset, "/mail/expiry").at("/quotaWarnings/runs").asLong();
  }

  private Path mailbox(MailUser user) {
    return folder.resolve("state/mailboxes").resolve(user.address());
  }

  /** A mail that was delivered so long ago. */
  private Path put(MailUser user, Duration age, int size) throws IOException {
    var time = Instant.now().minus(age);
    var name = "%d.M1P1.host,S=%d,W=%d:2,".formatted(time.getEpochSecond(), size, size);
    var head = "Subject: [...]\n\n";
    for (var folder : List.of("cur", "new", "tmp")) {
      if (!Files.exists(mailbox(user).resolve(folder))) {
        own(Files.createDirectory(mailbox(user).resolve(folder)));
      }
    }
    var cur = mailbox(user).resolve("cur");
    var file = own(Files.writeString(cur.resolve(name), head + "x".repeat(size - head.length())));
    Files.setLastModifiedTime(file, FileTime.from(time));
    return file;
  }

  private static Path own(Path path) throws IOException {
    Files.setAttribute(path, "unix:uid", VMAIL);
    Files.setAttribute(path, "unix:gid", VMAIL);
    return path;
  }
}
