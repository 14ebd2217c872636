package dev.postbus.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.postbus.bench.Target;
import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.ImapSession;
import dev.postbus.bench.mail.SealedMessage;
import dev.postbus.bench.mail.SmtpSession;
import dev.postbus.policy.dkim.Resolver;
import dev.postbus.policy.dkim.SignatureCheck;
import dev.postbus.policy.dkim.Verdict;
import dev.postbus.testing.FreePort;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Signing and verification from end to end: the real postfix, opendkim, unbound, dovecot and
 * mail-policy, with the relay's own key in a DNS zone of the test's own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DkimEndToEndTest {
  private static final String DOMAIN = "relay.test";
  private static final Pattern SIGNATURE =
      Pattern.compile("DKIM-Signature:[^\r]*\r\n([ \t][^\r]*\r\n)*");

  /** Somebody whose mailbox cannot be reached, though this relay has it. */
  private static final String UNREACHED = "away12345@" + DOMAIN;

  private RemoteServer remote;
  private RunningMail relay;
  private Target target;
  private Account alice;
  private Account bob;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    remote = RemoteServer.start(folder.resolve("remote"));
    relay =
        RunningMail.prepare(
            Map.of(
                "mail_domain", DOMAIN,
                "max_user_send_per_minute", "600",
                "max_user_send_burst_size", "100",
                "disable_ipv6", "true"));
    var settings = relay.settings();
    var key = relay.dkimKey();
    Files.writeString(
        settings.unboundLocal().resolve("test.conf"),
        """
        server:
          local-zone: "test." static
          local-data: '%s. TXT "%s"'
        """
            .formatted(key.name(), String.join("\" \"", key.value().split("(?<=\\G.{200})"))));
    relay.start(
        remote.mainCf()
            + "milter_connect_timeout = 1s\nmilter_command_timeout = 3s\n"
            + "transport_maps = inline:{ {%s = lmtp:inet:127.0.0.1:%d}, {lost.test = smtp:[127.0.0.1]:%2$d} }\n"
                .formatted(UNREACHED, FreePort.any()));
    target = relay.target();
    alice = login(Account.fresh(DOMAIN));
    bob = login(Account.fresh(DOMAIN));
  }

  @AfterAll
  void stop() throws IOException {
    if (relay != null) {
      relay.close();
    }
    remote.close();
  }

  @Test
  void whatGoesOutCarriesASignatureThatHoldsAfterAllRewriting() throws IOException {
    var recipient = "remote1@other.test";

    send(alice, recipient, plainOf(alice, recipient).replace("Subject: [...]", "Subject: secret"));

    var arrived = remote.await("To: <" + recipient + ">");
    assertThat(arrived)
        .contains("Subject: [...]\r\n")
        .doesNotContain("secret", "User-Agent", "X-Mailer", "X-Originating-IP", "\r\nReceived:");
    assertThat(verdict(arrived, alice.address())).isEqualTo(Verdict.VALID);
    assertThat(signatureOf(arrived))
        .contains("a=rsa-sha256", "c=relaxed/simple", "d=" + DOMAIN, "s=opendkim");
    assertThat(signedNames(arrived))
        .contains("from", "to", "subject", "date", "autocrypt", "content-type")
        .filteredOn("from"::equals)
        .hasSize(2);
    // Then nobody can add a field that stands for the author or the key
    for (var added : List.of("From: eve@other.test", "Autocrypt: addr=eve", "Reply-To: eve@x")) {
      assertThat(verdict(added + "\r\n" + arrived, alice.address())).isEqualTo(Verdict.INVALID);
    }
  }

  @Test
  void whatIsDeliveredHereShowsNothingOfTheWay() throws IOException {
    send(alice, bob.address(), plainOf(alice, bob.address()));

    assertThat(delivered(bob, "To: <" + bob.address() + ">"))
        .contains("Subject: [...]")
        .doesNotContain("DKIM-Signature", "Authentication-Results", "Received:");
  }

  @Test
  void mailFromOutsideIsTakenOnlyWithAValidSignature() throws IOException {
    var message = outside("remote2@other.test");

    try (var peer = peer()) {
      assertThat(from(peer, SIGNATURE.matcher(message).replaceFirst("")))
          .isEqualTo("554 5.7.1 No DKIM signature found");
      assertThat(from(peer, message.replace("Chat-Version: 1.0", "Chat-Version: 1.1")))
          .startsWith("250");
      assertThat(from(peer, message.replace("Date: Tue", "Date: Wed")))
          .isEqualTo("554 5.7.1 No valid DKIM signature found");
      assertThat(from(peer, "Authentication-Results: x\r\n" + message)).startsWith("250");
    }
    assertThat(delivered(bob, "To: <remote2@other.test>"))
        .doesNotContain("DKIM-Signature", "Authentication-Results", "Received:");
  }

  @Test
  void aBounceIsSigned() throws IOException {
    var message = outside("remote3@other.test");

    try (var peer = peer()) {
      assertThat(peer.send("back@other.test", "nobody999@" + DOMAIN, message)).startsWith("250");
    }

    var bounce = remote.await("To: back@other.test");
    assertThat(bounce).contains("multipart/report", "Auto-Submitted: auto-replied");
    assertThat(verdict(bounce, "MAILER-DAEMON@" + DOMAIN)).isEqualTo(Verdict.VALID);
  }

  @Test
  void whatCouldNotBeDeliveredForTwoDaysComesBackSigned() throws Exception {
    var message = outside("remote6@other.test");
    try (var peer = peer()) {
      assertThat(peer.send("back6@other.test", UNREACHED, message)).startsWith("250");
    }
    var waiting = QueuedMail.to(UNREACHED, relay);

    waiting.hasWaited(Duration.ofDays(2).plusMinutes(10));
    waiting.isTriedForTheLastTime();

    assertThat(waiting.expired("back6@other.test")).isTrue();
    var bounce = remote.await("To: back6@other.test");
    assertThat(bounce).contains("Final-Recipient: rfc822; " + UNREACHED, "Status: 4.4.1");
    assertThat(verdict(bounce, "MAILER-DAEMON@" + DOMAIN)).isEqualTo(Verdict.VALID);
  }

  @Test
  void aBounceThatNobodyTakesIsGivenUpAfterTwoDays() throws Exception {
    var message = outside("remote7@other.test");
    try (var peer = peer()) {
      assertThat(peer.send("back7@lost.test", "nobody999@" + DOMAIN, message)).startsWith("250");
    }
    var bounce = QueuedMail.to("back7@lost.test", relay);

    bounce.hasWaited(Duration.ofDays(2).minusMinutes(10));
    bounce.isTriedInVain();
    assertThat(bounce.expired("")).isFalse();
    bounce.hasWaited(Duration.ofDays(2).plusMinutes(10));
    bounce.isTriedForTheLastTime();

    // Then nobody hears of it, the postmaster neither
    assertThat(bounce.expired("")).isTrue();
    assertThat(relay.lines()).noneMatch(line -> line.contains("postmaster@"));
  }

  @Test
  void whileDnsIsSilentMailIsPutOffAndThenDelivered() throws Exception {
    var message = outside("remote4@other.test");

    relay.hang(MailDaemons.UNBOUND);
    try (var peer = peer()) {
      assertThat(from(peer, message))
          .isEqualTo("451 4.7.5 The DKIM key cannot be looked up now, try again later");
    } finally {
      relay.goOn(MailDaemons.UNBOUND);
    }

    try (var peer = peer()) {
      assertThat(from(peer, message)).startsWith("250");
    }
    delivered(bob, "To: <remote4@other.test>");
  }

  @Test
  void withoutASignerMailIsPutOffAndNeverSentUnsigned() throws Exception {
    var recipient = "remote5@other.test";

    relay.hang(MailDaemons.OPENDKIM);
    try {
      assertThatThrownBy(() -> send(alice, recipient, plainOf(alice, recipient)))
          .hasMessageContaining("451 4.7.1");
    } finally {
      relay.goOn(MailDaemons.OPENDKIM);
    }

    send(alice, recipient, plainOf(alice, recipient));
    assertThat(verdict(remote.await("To: <" + recipient + ">"), alice.address()))
        .isEqualTo(Verdict.VALID);
  }

  @Test
  void aPlannedRestartOfTheSignerLosesNoMail() throws Exception {
    // Given somebody who sends one message after another, each until it is taken
    var recipients = Collections.synchronizedList(new ArrayList<String>());
    var restarted = new CountDownLatch(1);
    try (var sender = Executors.newSingleThreadExecutor()) {
      var sending =
          sender.submit(
              () -> {
                while (restarted.getCount() > 0 || recipients.size() < 5) {
                  var recipient = "restart%d@other.test".formatted(recipients.size());
                  sendUntilTaken(recipient);
                  recipients.add(recipient);
                }
                return recipients.size();
              });
      await().until(() -> recipients.size() >= 2);

      // When opendkim is restarted, as it is every day
      try {
        relay.restart(MailDaemons.OPENDKIM);
      } finally {
        restarted.countDown();
      }
      sending.get();
    }

    // Then all of it arrives, signed
    for (var recipient : recipients) {
      assertThat(verdict(remote.await("To: <" + recipient + ">"), alice.address()))
          .as(recipient)
          .isEqualTo(Verdict.VALID);
    }
  }

  /** Sends as a mail program does, which tries again what was put off. */
  private void sendUntilTaken(String recipient) throws IOException {
    while (true) {
      try {
        send(alice, recipient, plainOf(alice, recipient));
        return;
      } catch (IOException e) {
        assertThat(e).hasMessageContaining(": 451 4.7.1");
      }
    }
  }

  /** A message as another server would bring it: signed, from this domain, as only it has a key. */
  private String outside(String to) throws IOException {
    send(alice, to, plainOf(alice, to));
    return remote.await("To: <" + to + ">");
  }

  private String from(SmtpPeer peer, String message) throws IOException {
    return peer.send("back@other.test", bob.address(), message);
  }

  private SmtpPeer peer() throws IOException {
    return new SmtpPeer(relay.settings().ports().smtp());
  }

  private Account login(Account account) throws IOException {
    try (var imap = ImapSession.logIn(target, account)) {
      imap.select();
    }
    return account;
  }

  private void send(Account from, String to, String message) throws IOException {
    try (var smtp = SmtpSession.logIn(target, from)) {
      smtp.send(to, message.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String plainOf(Account from, String to) {
    return "User-Agent: Mail/1\r\nX-Mailer: Mail/1\r\nX-Originating-IP: [192.0.2.1]\r\n"
        + "Received: from home\r\n"
        + "Autocrypt: addr="
        + from.address()
        + "; keydata=AAAA\r\n"
        + new String(new SealedMessage(2000).bytes(from.address(), to), StandardCharsets.US_ASCII);
  }

  private Verdict verdict(String message, String author) throws IOException {
    return new SignatureCheck(new Resolver(relay.settings().ports().resolver()))
        .check(
            new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1)),
            List.of(author));
  }

  private static String signatureOf(String message) {
    var match = SIGNATURE.matcher(message);
    assertThat(match.find()).isTrue();
    return match.group();
  }

  private static List<String> signedNames(String message) {
    var names = signatureOf(message).replaceAll("\\s", "").replaceFirst(".*;h=([^;]*);.*", "$1");
    return List.of(names.toLowerCase(Locale.ROOT).split(":"));
  }

  private String delivered(Account account, String text) {
    return Delivered.to(account, relay.settings(), text);
  }
}
