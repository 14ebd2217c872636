package dev.postbus.mail;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.Conversation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Who gets an account, and what becomes of it, as a mail program finds it through Dovecot. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccountRulesTest {
  private static final String DOMAIN = "relay.test";
  private static final String REFUSED = "a NO [AUTHENTICATIONFAILED] Authentication failed.";
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int VMAIL = 5000;

  private RunningMail relay;

  @BeforeAll
  void start() throws Exception {
    relay = RunningMail.prepare(Map.of("mail_domain", DOMAIN));
    // The rule is 30 s, which another test reads; here it is about what is kept over it.
    relay.start(
        Map.of("dovecot/dovecot.conf", "protocol imap {\n  imap_hibernate_timeout = 1s\n}\n"));
  }

  @AfterAll
  void stop() throws IOException {
    if (relay != null) {
      relay.close();
    }
  }

  @Test
  void theFirstLoginMakesTheMailboxWithAPrivateHash() throws IOException {
    var alice = fresh();

    assertThat(logIn(alice)).startsWith("a OK");

    var password = home(alice).resolve("password");
    assertThat(Files.readString(password)).startsWith("{SHA512-CRYPT}$6$");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
        .isEqualTo("rw-------");
    assertThat(Files.getAttribute(password, "unix:uid")).isEqualTo(VMAIL);
    assertThat(home(alice).resolve("enforceE2EEincoming")).exists();
    assertThat(logIn(new Account(alice.address(), "another-password"))).isEqualTo(REFUSED);
  }

  @Test
  void whatCannotBeAnAccountIsRefusedAndLeavesNothing() throws Exception {
    var wrong =
        List.of(
            new Account("alice123@relay.test", "password1"),
            new Account("alice12345@relay.test", "password1"),
            new Account("alice+123@relay.test", "password1"),
            new Account("alice1234@other.test", "password1"),
            new Account("alice1234", "password1"),
            new Account("../../1234@relay.test", "password1"),
            new Account("a/ice1234@relay.test", "password1"),
            new Account("dave12345@relay.test", "passwor8"));
    var before = mailboxes();

    // Dovecot lets each of them wait: so all at once.
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var logins = wrong.stream().<Callable<String>>map(account -> () -> logIn(account)).toList();
      for (var answer : pool.invokeAll(logins)) {
        assertThat(answer.get()).isEqualTo(REFUSED);
      }
    }

    assertThat(mailboxes()).isEqualTo(before);
    // Then nobody who shares the address of so many failures has to wait for them
    assertThat(doveadm("penalty").lines().skip(1)).isEmpty();
  }

  @Test
  void aPasswordIsNotHeardInTheClear() throws IOException {
    // Not from the address that it comes to: nobody else could listen to that.
    var elsewhere = InetAddress.getByName("127.0.0.2");
    try (var socket =
            new Socket(
                InetAddress.getLoopbackAddress(), relay.settings().ports().imap(), elsewhere, 0);
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))) {
      assertThat(in.readLine()).contains("STARTTLS", "LOGINDISABLED");
      socket
          .getOutputStream()
          .write("a LOGIN alice1234@relay.test password1\r\n".getBytes(US_ASCII));
      assertThat(in.lines().dropWhile(line -> !line.startsWith("a ")).findFirst())
          .contains(
              "a NO [PRIVACYREQUIRED] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.");
    }
  }

  @Test
  void aDayWhoseExpiryWasMissedIsMadeUpForAtTheStart() throws Exception {
    var alice = fresh();
    logIn(alice);
    var old = put(alice, "cur", 21, 1000);
    var young = put(alice, "cur", 19, 1000);
    var due = relay.settings().policy().resolve("expiry-due");
    Files.writeString(due, Instant.now().minusSeconds(1) + "\n");

    relay.restart(MailDaemons.POLICY);

    await().atMost(LONG).until(() -> !Files.exists(old));
    assertThat(young).exists();
    await()
        .atMost(LONG)
        .until(() -> Instant.parse(Files.readString(due).strip()), Instant.now()::isBefore);
  }

  @Test
  void whileCreationIsBlockedOrTheMachineIsBusyOnlyExistingOnesLogIn() throws IOException {
    var alice = fresh();
    logIn(alice);
    var block = relay.settings().blockCreation();

    Files.createFile(block);
    try {
      assertThat(logIn(fresh())).isEqualTo(REFUSED);
      assertThat(logIn(alice)).startsWith("a OK");
    } finally {
      Files.delete(block);
    }
    for (var limit :
        List.of(
            Map.entry("maxLoad1m", 0L),
            Map.entry("minAvailableMemory", Long.MAX_VALUE),
            Map.entry("minFreeDiskSpace", Long.MAX_VALUE))) {
      var before = limit(limit.getKey(), limit.getValue());
      try {
        assertThat(logIn(fresh())).as(limit.getKey()).isEqualTo(REFUSED);
        assertThat(logIn(alice)).startsWith("a OK");
      } finally {
        limit(limit.getKey(), before);
      }
    }
    assertThat(logIn(fresh())).startsWith("a OK");
  }

  @Test
  void anEmptyPasswordFileBlocksTheAccount() throws IOException {
    var alice = fresh();
    logIn(alice);

    Files.writeString(home(alice).resolve("password"), "");

    assertThat(logIn(alice)).isEqualTo(REFUSED);
    assertThat(home(alice).resolve("password")).isEmptyFile();
  }

  @Test
  void aLoginIsRememberedByTheDay() throws IOException {
    var alice = fresh();
    logIn(alice);
    var password = home(alice).resolve("password");
    Files.setLastModifiedTime(password, FileTime.from(Instant.parse("2026-01-01T11:12:13Z")));

    logIn(alice);

    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThat(Files.getLastModifiedTime(password).toInstant())
                    .isEqualTo(Instant.now().truncatedTo(ChronoUnit.DAYS)));
  }

  @Test
  void aMailboxThatNobodyLogsInToGoesAndItsAddressIsFree() throws Exception {
    var alice = fresh();
    logIn(alice);
    var ninetyOneDays = Instant.now().minus(91, ChronoUnit.DAYS);
    var password = home(alice).resolve("password");

    await()
        .atMost(LONG)
        .until(
            () -> {
              // Again if it failed: a login is noted after its answer.
              if (Files.exists(password)) {
                Files.setLastModifiedTime(password, FileTime.from(ninetyOneDays));
              }
              expire();
              return !Files.exists(home(alice));
            });
    assertThat(logIn(new Account(alice.address(), "somebody-else"))).startsWith("a OK");
  }

  @Test
  void expiredMailsAreGoneForClientsAndForTheQuota() throws Exception {
    // Given mails that are too old, too large for their age, and neither
    var alice = fresh();
    logIn(alice);
    var old = put(alice, "cur", 21, 1000);
    var large = put(alice, "cur", 8, 200_001);
    var unseen = put(alice, "new", 8, 200_001);
    var small = put(alice, "cur", 8, 1000);
    var left = own(Files.createDirectory(relay.settings().mailboxes().resolve("left@relay.test")));
    Files.setLastModifiedTime(left, daysAgo(2));
    assertThat(quota(alice)).containsPattern("STORAGE 39\\d 512000");

    await()
        .atMost(LONG)
        .until(
            () -> {
              // Again if another run was under way.
              expire();
              return !Files.exists(large) && !Files.exists(left);
            });
    assertThat(old).doesNotExist();
    assertThat(unseen).exists();
    assertThat(small).exists();
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(quota(alice)).containsPattern("STORAGE 19\\d 5"));
    try (var imap = relay.imap(alice)) {
      assertThat(RunningMail.ask(imap, "SELECT INBOX")).contains("* 2 EXISTS");
    }
  }

  @Test
  void aClientIsToldWhatTheRelayCan() throws IOException {
    try (var imap = relay.imap(fresh())) {
      assertThat(RunningMail.ask(imap, "CAPABILITY").getFirst().split(" "))
          .contains("IDLE", "METADATA", "QUOTA", "XDELTAPUSH", "XCHATMAIL", "SPECIAL-USE");
      RunningMail.ask(imap, "CREATE Sent");
      RunningMail.ask(imap, "CREATE Trash");
      assertThat(RunningMail.ask(imap, "LIST (SPECIAL-USE) \"\" \"*\""))
          .anyMatch(line -> line.contains("\\Sent"))
          .anyMatch(line -> line.contains("\\Trash"));
      assertThat(String.join(" ", RunningMail.ask(imap, "GETQUOTAROOT INBOX")))
          .contains("(STORAGE 0 512000)");
    }
  }

  @Test
  void aClientThatSleepsHearsOfMail() throws Exception {
    var alice = fresh();
    try (var imap = relay.imap(alice)) {
      RunningMail.ask(imap, "SELECT INBOX");
      imap.say("i IDLE");
      hearUntil(imap, "+ idling");
      await().atMost(LONG).until(() -> doveadm("service", "status", "imap-hibernate"), this::runs);

      try (var peer = SmtpPeer.of(alice, relay.settings().ports())) {
        var message = Letters.encrypted(alice.address(), alice.address());
        assertThat(peer.send(alice.address(), alice.address(), message)).startsWith("250");
      }

      hearUntil(imap, "* 1 EXISTS");
      imap.say("DONE");
      hearUntil(imap, "i OK");
    }
  }

  private void expire() throws IOException {
    var request = "{\"dryRun\":false}";
    new PolicyControl(relay.settings().ports()).pass("POST", "/expiry", request);
  }

  private String quota(Account account) throws IOException {
    try (var imap = relay.imap(account)) {
      return String.join(" ", RunningMail.ask(imap, "GETQUOTAROOT INBOX"));
    }
  }

  /** A mail that was delivered so many days ago. */
  private Path put(Account account, String place, int days, int size) throws IOException {
    for (var folder : List.of("cur", "new", "tmp")) {
      if (!Files.exists(home(account).resolve(folder))) {
        own(Files.createDirectory(home(account).resolve(folder)));
      }
    }
    var folder = home(account).resolve(place);
    var time = daysAgo(days);
    var name = "%d.M%dP1.host,S=%d,W=%d".formatted(time.toMillis() / 1000, size, size, size);
    var file = folder.resolve(place.equals("cur") ? name + ":2,S" : name);
    own(Files.writeString(file, "Subject: [...]\n\n" + "x".repeat(size - 16)));
    Files.setLastModifiedTime(file, time);
    return file;
  }

  private static FileTime daysAgo(int days) {
    return FileTime.from(Instant.now().minus(days, ChronoUnit.DAYS));
  }

  private static Path own(Path path) throws IOException {
    Files.setAttribute(path, "unix:uid", VMAIL);
    Files.setAttribute(path, "unix:gid", VMAIL);
    return path;
  }

  private boolean runs(String serviceStatus) {
    return serviceStatus.lines().anyMatch("process_count: 1"::equals);
  }

  private static void hearUntil(Conversation imap, String beginning) throws IOException {
    var line = imap.hear();
    while (!line.startsWith(beginning)) {
      line = imap.hear();
    }
  }

  /** Puts one of mail-policy's limits for new accounts into force; the one before. */
  private long limit(String name, long value) throws IOException {
    var before = new AtomicLong();
    relay.changePolicy(
        settings -> {
          var accounts = settings.withObject("accounts");
          before.set(accounts.path(name).asLong());
          accounts.put(name, value);
        });
    assertThat(new PolicyControl(relay.settings().ports()).reload()).isTrue();
    return before.get();
  }

  private String doveadm(String... words) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add("/usr/bin/doveadm");
    command.add("-c");
    command.add(relay.settings().rendered().resolve("current/dovecot/dovecot.conf").toString());
    command.addAll(List.of(words));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  /** The answer to LOGIN. */
  private String logIn(Account account) throws IOException {
    try (var imap = Conversation.tls("127.0.0.1", relay.settings().ports().imaps())) {
      imap.hear();
      return RunningMail.say(
              imap, "LOGIN \"%s\" \"%s\"".formatted(account.address(), account.password()))
          .getLast();
    }
  }

  private List<Path> mailboxes() throws IOException {
    try (var all = Files.list(relay.settings().mailboxes())) {
      return all.sorted().toList();
    }
  }

  private Path home(Account account) {
    return relay.settings().mailboxes().resolve(account.address());
  }

  private static Account fresh() {
    return Account.fresh(DOMAIN);
  }
}
