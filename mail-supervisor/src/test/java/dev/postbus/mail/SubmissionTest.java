package dev.postbus.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.AnyTls;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What own users may send, and the words in which the rest is refused, through the daemons. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SubmissionTest {
  private static final String NEEDED = "523 Encryption Needed: Invalid Unencrypted Mail";
  private static final String STRANGER =
      "554 5.7.1 <unknown[127.0.0.1]>: Client host rejected: Access denied";
  private static final int BURST = 5;

  private RunningMail relay;
  private Account bob;

  @BeforeAll
  void start() throws Exception {
    relay =
        RunningMail.prepare(
            Map.of(
                "mail_domain", "relay.test",
                "max_user_send_per_minute", "6",
                "max_user_send_burst_size", "" + BURST,
                "max_message_size", "100000"));
    relay.start("");
    bob = fresh();
  }

  @AfterAll
  void stop() throws IOException {
    if (relay != null) {
      relay.close();
    }
  }

  @Test
  void cleartextIsRefused() throws IOException {
    var alice = fresh();
    var sealed = Letters.encrypted(alice.address(), bob.address());

    try (var peer = SmtpPeer.of(alice, relay.settings().ports())) {
      assertThat(send(peer, alice, Letters.clear(alice.address(), bob.address())))
          .isEqualTo(NEEDED);
      assertThat(send(peer, alice, Letters.report(alice.address(), bob.address())))
          .isEqualTo(NEEDED);
      assertThat(
              send(
                  peer,
                  alice,
                  sealed.replaceFirst("MESSAGE-----\r", "MESSAGE-----\r\nComment: x\r")))
          .isEqualTo(NEEDED);
    }
  }

  @Test
  void encryptedMailAndRequestsPass() throws IOException {
    var alice = fresh();

    try (var peer = SmtpPeer.of(alice, relay.settings().ports())) {
      assertThat(send(peer, alice, Letters.encrypted(alice.address(), bob.address())))
          .startsWith("250 2.0.0");
      assertThat(send(peer, alice, Letters.secureJoin(alice.address(), bob.address())))
          .startsWith("250 2.0.0");
    }
    assertThat(Delivered.to(bob, relay.settings(), "secure-join: vc-request"))
        .contains("From: <" + alice.address() + ">");
  }

  @Test
  void aSetupMessageGoesToOneselfAlone() throws IOException {
    var alice = fresh();
    var setup = Letters.setup(alice.address(), alice.address());

    try (var peer = SmtpPeer.of(alice, relay.settings().ports())) {
      assertThat(peer.send(alice.address(), alice.address(), setup)).startsWith("250");
      assertThat(send(peer, alice, setup)).isEqualTo(NEEDED);
    }
  }

  @Test
  void nobodySendsAsSomebodyElse() throws IOException {
    var alice = fresh();
    var own = Letters.encrypted(alice.address(), bob.address());

    try (var peer = SmtpPeer.of(alice, relay.settings().ports())) {
      assertThat(send(peer, bob, own))
          .isEqualTo(
              "553 5.7.1 <%s>: Sender address rejected: not owned by user %s"
                  .formatted(bob.address(), alice.address()));
      assertThat(send(peer, alice, Letters.encrypted(bob.address(), bob.address())))
          .isEqualTo("500 Invalid FROM: the From header must be the sender, " + alice.address());
      assertThat(send(peer, alice, own.replaceFirst("From: [^\r]*\r\n", "")))
          .isEqualTo("500 Invalid FROM: the From header must be the sender, " + alice.address());
      assertThat(peer.send("", bob.address(), own)).isEqualTo("500 Invalid from address <>");
      assertThat(send(peer, alice, own.replace(alice.address(), upper(alice)))).startsWith("250");
    }
  }

  @Test
  void aSenderOfTooMuchIsPutOffAndOthersAreNot() throws IOException {
    var alice = fresh();
    var carol = fresh();
    var message = Letters.encrypted(alice.address(), bob.address());

    try (var peer = SmtpPeer.of(alice, relay.settings().ports())) {
      for (int i = 0; i < BURST; i++) {
        assertThat(send(peer, alice, message)).startsWith("250");
      }
      assertThat(send(peer, alice, message))
          .isEqualTo("450 4.7.1: Too much mail from " + alice.address());
    }
    try (var peer = SmtpPeer.of(carol, relay.settings().ports())) {
      assertThat(send(peer, carol, Letters.encrypted(carol.address(), bob.address())))
          .startsWith("250");
    }
  }

  @Test
  void whatIsTooLargeIsRefusedWhetherAnnouncedOrNot() throws IOException {
    var alice = fresh();
    var large = Letters.encrypted(alice.address(), bob.address()) + "x\r\n".repeat(40_000);

    try (var peer = SmtpPeer.of(alice, relay.settings().ports())) {
      assertThat(peer.ask("MAIL FROM:<" + alice.address() + "> SIZE=100001"))
          .isEqualTo("552 5.3.4 Message size exceeds fixed limit");
      assertThat(send(peer, alice, large)).isEqualTo("552 5.3.4 Message size exceeds fixed limit");
    }
  }

  @Test
  void noOtherLineEndIsTakenForOne() throws IOException {
    var alice = fresh();
    var message = Letters.encrypted(alice.address(), bob.address());

    try (var peer = SmtpPeer.of(alice, relay.settings().ports())) {
      assertThat(send(peer, alice, message + "\n.\nRSET\r\n"))
          .isEqualTo("550 5.5.2 relay.test Error: bare <LF> received");
    }
    try (var peer = SmtpPeer.of(alice, relay.settings().ports())) {
      assertThat(send(peer, alice, message.replaceFirst("\r\n", "\r")))
          .isEqualTo("550 5.6.0 the message has a CR or LF by itself");
    }
  }

  @Test
  void nobodySpeaksBeforeItIsTheirTurn() throws IOException {
    var alice = fresh();

    try (var peer = SmtpPeer.of(alice, relay.settings().ports())) {
      peer.ask("MAIL FROM:<" + alice.address() + ">");
      peer.ask("RCPT TO:<" + bob.address() + ">");
      assertThat(peer.ask("DATA\r\n" + Letters.encrypted(alice.address(), bob.address()) + "."))
          .isEqualTo("554 5.5.0 Error: SMTP protocol synchronization");
    }
  }

  @Test
  void onlyWhoHasLoggedInSends() throws IOException {
    var submission = relay.settings().ports().submission();

    try (var peer = new SmtpPeer(submission)) {
      assertThat(send(peer, bob, Letters.encrypted(bob.address(), bob.address())))
          .isEqualTo(STRANGER);
      assertThat(peer.logIn(new Account(bob.address(), "not the one")))
          .isEqualTo("535 5.7.8 Error: authentication failed: (reason unavailable)");
      assertThat(peer.ask("VRFY " + bob.address())).isEqualTo("502 5.5.1 VRFY command is disabled");
    }
    try (var peer = SmtpPeer.inTheClear(submission)) {
      peer.ask("EHLO client.invalid");
      assertThat(peer.logIn(bob)).isEqualTo("530 5.7.0 Must issue a STARTTLS command first");
    }
  }

  @Test
  void wherePeopleComeByTlsFromTheStartTheRulesAreTheSame() throws IOException {
    var alice = fresh();
    var own = Letters.encrypted(alice.address(), bob.address());

    try (var peer = SmtpPeer.overTls(relay.settings().ports().submissions())) {
      assertThat(send(peer, alice, own)).isEqualTo(STRANGER);
      assertThat(peer.logIn(alice)).startsWith("235 2.7.0");
      assertThat(send(peer, alice, Letters.clear(alice.address(), bob.address())))
          .isEqualTo(NEEDED);
      assertThat(send(peer, bob, own)).startsWith("553 5.7.1");
      for (int i = 1; i < BURST; i++) {
        assertThat(send(peer, alice, own)).startsWith("250 2.0.0");
      }
    }
    try (var peer = SmtpPeer.of(alice, relay.settings().ports())) {
      assertThat(send(peer, alice, own))
          .as("what came over the other port counts too")
          .isEqualTo("450 4.7.1: Too much mail from " + alice.address());
    }
  }

  @Test
  void usersNeedTls13AndServersTls12() throws IOException {
    var ports = relay.settings().ports();

    assertThat(handshake(ports.submissions(), "TLSv1.3")).isEqualTo("TLSv1.3");
    assertThat(handshake(ports.imaps(), "TLSv1.3")).isEqualTo("TLSv1.3");
    assertThatThrownBy(() -> handshake(ports.submissions(), "TLSv1.2"))
        .isInstanceOf(SSLException.class);
    assertThatThrownBy(() -> handshake(ports.imaps(), "TLSv1.2")).isInstanceOf(SSLException.class);
    assertThat(SmtpPeer.startTls(ports.smtp(), "TLSv1.2")).isEqualTo("TLSv1.2");
    assertThatThrownBy(() -> SmtpPeer.startTls(ports.submission(), "TLSv1.2"))
        .isInstanceOf(SSLException.class);
  }

  private static String handshake(int port, String version) throws IOException {
    try (var socket =
        (SSLSocket)
            AnyTls.newContext()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.setEnabledProtocols(new String[] {version});
      socket.startHandshake();
      return socket.getSession().getProtocol();
    }
  }

  private String send(SmtpPeer peer, Account sender, String message) throws IOException {
    return peer.send(sender.address(), bob.address(), message);
  }

  private static String upper(Account account) {
    return account.address().toUpperCase(Locale.ROOT);
  }

  private Account fresh() throws IOException {
    var account = Account.fresh("relay.test");
    relay.imap(account).close();
    return account;
  }
}
