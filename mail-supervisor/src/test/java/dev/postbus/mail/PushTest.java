package dev.postbus.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.Conversation;
import dev.postbus.bench.mail.ImapSession;
import dev.postbus.bench.mail.SealedMessage;
import dev.postbus.bench.mail.SmtpSession;
import dev.postbus.testing.PushServer;
import dev.postbus.testing.PushServer.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** METADATA and push through the real dovecot and postfix. */
class PushTest {
  private static final Duration LONG = Duration.ofSeconds(40);
  private static final String TOKENS = "/private/devicetoken";
  private static final SealedMessage MESSAGE = new SealedMessage(1000);

  @TempDir static Path folder;
  private static PushServer push;
  private static RunningMail mail;

  @BeforeAll
  static void start() throws Exception {
    push = PushServer.start(folder);
    mail =
        RunningMail.prepare(
            new NotificationSettings(push.url(), Optional.of(readable(push.certificate()))),
            Map.of("privacy_mail", "admin@relay.example"));
    mail.start("");
  }

  @AfterAll
  static void stop() throws Exception {
    if (mail != null) {
      mail.close();
    }
    push.close();
  }

  @Test
  void aClientLeavesItsTokensAndGetsThemBack() throws IOException {
    try (var imap = mail.imap(fresh())) {
      assertThat(RunningMail.ask(imap, "CAPABILITY").getFirst()).contains("METADATA", "XDELTAPUSH");

      RunningMail.ask(imap, "SETMETADATA INBOX (/private/devicetoken \"openpgp:a+/=\")");
      RunningMail.ask(imap, "SETMETADATA INBOX (/private/devicetoken \"fcm:b\")");

      assertThat(get(imap, "INBOX", TOKENS)).contains("openpgp:a+/= fcm:b");

      RunningMail.ask(imap, "SETMETADATA INBOX (/private/devicetoken NIL)");
      assertThat(get(imap, "INBOX", TOKENS)).contains("");
    }
  }

  @Test
  void whatMayNotBeSetIsRefusedAndTheSessionGoesOn() throws IOException {
    try (var imap = mail.imap(fresh())) {
      for (var entry :
          new String[] {
            "INBOX (/private/devicetoken \"two words\")",
            "INBOX (/private/other \"x\")",
            "\"\" (/shared/vendor/deltachat/irohrelay \"x\")"
          }) {
        assertThat(RunningMail.say(imap, "SETMETADATA " + entry).getLast()).startsWith("a NO");
      }
      RunningMail.ask(imap, "NOOP");
    }
  }

  @Test
  void aClientIsToldOfTheServer() throws IOException {
    var secret = mail.settings().state().resolve("turn-secret");
    var versions = mail.settings().state().resolve("appversions.json");
    try (var imap = mail.imap(fresh())) {
      assertThat(server(imap, "vendor/deltachat/irohrelay"))
          .contains(
              "https://" + RunningMail.DOMAIN + ":" + (443 + mail.settings().ports().offset()));
      assertThat(server(imap, "vendor/deltachat/maxsmtprecipients")).contains("1000");
      assertThat(server(imap, "admin")).contains("mailto:admin@relay.example");
      assertThat(server(imap, "vendor/deltachat/turn")).isEmpty();
      assertThat(server(imap, "vendor/deltachat/appversions")).isEmpty();

      Files.writeString(secret, "north\n");
      Files.writeString(versions, "{\n \"clients\": 1\n}\n");

      assertThat(server(imap, "vendor/deltachat/turn").orElseThrow())
          .matches(RunningMail.DOMAIN.replace(".", "\\.") + ":3478:\\d{10}:[A-Za-z0-9+/]{27}=");
      assertThat(server(imap, "vendor/deltachat/appversions")).contains("{\"clients\":1}");
    }
  }

  @Test
  void mailOfSomebodyElseWakesUpEveryDevice() throws IOException {
    var alice = fresh();
    var bob = withToken("bob-1");
    addToken(bob, "bob-2");
    mail.imap(alice).close();

    try (var smtp = SmtpSession.logIn(mail.target(), alice)) {
      smtp.send(bob.address(), MESSAGE.bytes(alice.address(), bob.address()));
    }

    await().atMost(LONG).untilAsserted(() -> assertThat(push.posted()).contains("bob-1", "bob-2"));
  }

  @Test
  void mailToOneselfWakesUpNobody() throws IOException {
    var alice = withToken("alice");
    var bob = withToken("bob");
    var mixed = alice.address().toUpperCase(Locale.ROOT);

    try (var smtp = SmtpSession.logIn(mail.target(), alice)) {
      smtp.send(alice.address(), MESSAGE.bytes(alice.address(), alice.address()));
      smtp.send(alice.address(), MESSAGE.bytes(mixed, alice.address()));
      smtp.send(bob.address(), MESSAGE.bytes(alice.address(), bob.address()));
    }

    // When mail that was sent later has had its effect, the other has arrived without one
    await().atMost(LONG).untilAsserted(() -> assertThat(push.posted()).contains("bob"));
    await().atMost(LONG).untilAsserted(() -> assertThat(messages(alice)).isEqualTo(2));
    assertThat(push.posted()).doesNotContain("alice");
  }

  @Test
  void deliveryByLmtpWakesUpDevices() throws IOException {
    var bob = withToken("by-lmtp");

    lmtpTo(bob);

    await().atMost(LONG).untilAsserted(() -> assertThat(push.posted()).contains("by-lmtp"));
  }

  @Test
  void aTokenThatIsGoneIsForgotten() throws IOException {
    var bob = withToken("gone");
    push.answersTo("gone", Answer.status(410));

    lmtpTo(bob);

    await()
        .atMost(LONG)
        .untilAsserted(
            () -> {
              try (var imap = mail.imap(bob)) {
                assertThat(get(imap, "INBOX", TOKENS)).contains("");
              }
            });
  }

  @Test
  void whatWaitsSurvivesAKillOfMailPolicy() throws IOException {
    // Given a notification that failed once and waits
    var bob = withToken("patient");
    push.answersTo("patient", Answer.status(500));
    lmtpTo(bob);
    await().atMost(LONG).untilAsserted(() -> assertThat(push.posted()).contains("patient"));

    // When mail-policy is killed
    mail.process(MailDaemons.POLICY).destroyForcibly();

    // Then its successor sends it
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThat(push.posted().stream().filter("patient"::equals)).hasSizeGreaterThan(1));
    await().atMost(LONG).until(mail::ready);
  }

  @Test
  void whatWaitsForFiveHoursIsGivenUpAndTheRestIsSentAtTheStart() throws Exception {
    // Given notifications of an earlier run, one of which was not written to the end
    var bob = withToken("any");
    var almost = waits(bob, "almost", Duration.ofHours(5).minusMinutes(5));
    var tooOld = waits(bob, "too-old", Duration.ofHours(5).plusSeconds(5));
    var damaged = waits(bob, "damaged", Duration.ZERO);
    Files.writeString(damaged, "half");

    mail.restart(MailDaemons.POLICY);

    // Then one is sent, and one kept for a person to look at
    await().atMost(LONG).until(() -> !Files.exists(almost) && !Files.exists(tooOld));
    assertThat(push.posted()).contains("almost").doesNotContain("too-old", "damaged");
    assertThat(damaged.resolveSibling("aside").resolve(damaged.getFileName())).hasContent("half");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"devicetoken\": {\"t1\": %1$d, \"old\": %2$d, \"from-the-future\": %3$d, \"t2\": %1$d}}",
        "{\"devicetoken\": [\"t1\", \"t2\"]}"
      })
  void tokensThatAPublicRelayHasKeptAreTakenOver(String file) throws IOException {
    var account = fresh();
    mail.imap(account).close();
    var now = Instant.now();
    var written = mail.settings().mailboxes().resolve(account.address()).resolve("metadata.json");
    Files.writeString(
        written,
        file.formatted(
            now.getEpochSecond(),
            now.minus(Duration.ofDays(91)).getEpochSecond(),
            now.plus(Duration.ofDays(1)).getEpochSecond()));
    Files.setAttribute(written, "unix:uid", mail.settings().vmailUid());

    try (var imap = mail.imap(account)) {
      assertThat(get(imap, "INBOX", TOKENS)).contains("t1 t2");
      RunningMail.ask(imap, "SETMETADATA INBOX (/private/devicetoken \"t3\")");
      assertThat(get(imap, "INBOX", TOKENS)).contains("t1 t2 t3");
    }
    assertThat(new ObjectMapper().readTree(written.toFile()).path("devicetoken").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("t1", "t2", "t3");
  }

  @Test
  void noTokenAndNoAddressIsLoggedByMailPolicy() throws IOException {
    var bob = withToken("secret-token");
    lmtpTo(bob);
    await().atMost(LONG).untilAsserted(() -> assertThat(push.posted()).contains("secret-token"));

    assertThat(mail.lines())
        .filteredOn(line -> line.startsWith(MailDaemons.POLICY))
        .noneMatch(line -> line.contains("secret-token") || line.contains(bob.address()));
  }

  /** Puts a notification into the queue, of mail that came so long ago. */
  private static Path waits(Account account, String token, Duration age) throws Exception {
    var digest =
        MessageDigest.getInstance("SHA-256")
            .digest((account.address() + "\n" + token).getBytes(StandardCharsets.US_ASCII));
    var id = HexFormat.of().formatHex(Arrays.copyOf(digest, 16));
    var file = mail.settings().policy().resolve("notifications").resolve(id);
    var since = Instant.now().minus(age).getEpochSecond();
    Files.writeString(file, "%d\n%s\n%s\n".formatted(since, account.address(), token));
    return file;
  }

  private static Account fresh() {
    return Account.fresh(RunningMail.DOMAIN);
  }

  private static Account withToken(String token) throws IOException {
    var account = fresh();
    addToken(account, token);
    return account;
  }

  private static void addToken(Account account, String token) throws IOException {
    try (var imap = mail.imap(account)) {
      RunningMail.ask(imap, "SETMETADATA INBOX (/private/devicetoken \"" + token + "\")");
    }
  }

  private static Optional<String> server(Conversation imap, String entry) throws IOException {
    return get(imap, "\"\"", "/shared/" + entry);
  }

  /** An entry's value, which Dovecot writes as a literal; empty if it has none. */
  private static Optional<String> get(Conversation imap, String mailbox, String entry)
      throws IOException {
    var answer = RunningMail.ask(imap, "GETMETADATA " + mailbox + " " + entry);
    var start = "* METADATA " + mailbox + " (" + entry + " ";
    assertThat(answer.getFirst()).startsWith(start);
    if (answer.getFirst().equals(start + "NIL)")) {
      return Optional.empty();
    }
    var length = Integer.parseInt(answer.getFirst().replaceAll(".*\\{(\\d+)}", "$1"));
    assertThat(answer.get(1)).hasSize(length + 1).endsWith(")");
    return Optional.of(answer.get(1).substring(0, length));
  }

  private static int messages(Account account) throws IOException {
    try (var imap = ImapSession.logIn(mail.target(), account)) {
      return imap.countMessages();
    }
  }

  private static void lmtpTo(Account account) throws IOException {
    var message = MESSAGE.bytes("somebody@far.example", account.address());
    lmtp(
        "LHLO test",
        "MAIL FROM:<somebody@far.example>",
        "RCPT TO:<" + account.address() + ">",
        "DATA",
        new String(message, StandardCharsets.US_ASCII) + "\r\n.");
  }

  /** Speaks with Dovecot's LMTP port; every command has to succeed. */
  private static void lmtp(String... commands) throws IOException {
    var address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), mail.settings().ports().lmtp());
    try (var channel = SocketChannel.open(address)) {
      var in = new BufferedReader(Channels.newReader(channel, StandardCharsets.US_ASCII));
      in.readLine();
      for (var command : commands) {
        Channels.newOutputStream(channel)
            .write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
        var line = in.readLine();
        while (line.charAt(3) == '-') {
          line = in.readLine();
        }
        if (line.charAt(0) != '2' && line.charAt(0) != '3') {
          throw new IOException(command.split(" ", 2)[0] + ": " + line);
        }
      }
    }
  }

  /** A copy that mail-policy's user can read, whoever owns the test's folder. */
  private static Path readable(Path file) throws IOException {
    var copy = Files.createTempFile("push-", ".pem");
    copy.toFile().deleteOnExit();
    Files.write(copy, Files.readAllBytes(file));
    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
    return copy;
  }
}
