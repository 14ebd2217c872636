package dev.postbus.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.bench.mail.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A relay without a domain, whose addresses end in its own address in brackets: that of an
 * interface which Postfix listens on. As nobody needs a signature there, also what port 25 takes
 * and refuses is tried on it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IpOnlyRelayTest {
  private static final String DOMAIN = "[127.0.0.1]";
  private static final String NEEDED = "523 Encryption Needed: Invalid Unencrypted Mail";
  private static final String BARE_LF =
      "550 5.5.2 relay-127-0-0-1.invalid Error: bare <LF> received";
  private static final String OUTSIDE = "carol1234@other.test";

  private RemoteServer remote;
  private RunningMail relay;
  private Account alice;
  private Account bob;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    remote = RemoteServer.start(folder.resolve("remote"));
    relay =
        RunningMail.prepare(
            Map.of(
                "mail_domain", "127.0.0.1",
                "max_user_send_burst_size", "100",
                "max_message_size", "100000"));
    relay.start(remote.mainCf());
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
  void anAddressHasItsBrackets() throws IOException {
    var bare = new Account("dave12345@127.0.0.1", "password1");

    assertThat(relay.settings().mailboxes().resolve(alice.address())).isDirectory();
    try (var peer = new SmtpPeer(relay.settings().ports().submission())) {
      assertThat(peer.logIn(bare))
          .isEqualTo("535 5.7.8 Error: authentication failed: (reason unavailable)");
    }
    assertThat(relay.settings().mailboxes().resolve(bare.address())).doesNotExist();
  }

  @Test
  void mailGoesFromOneUserToAnother() throws IOException {
    try (var peer = SmtpPeer.of(alice, relay.settings().ports())) {
      var message = Letters.encrypted(alice.address(), bob.address());
      assertThat(peer.send(alice.address(), bob.address(), message)).startsWith("250 2.0.0");
    }

    assertThat(delivered("From: <" + alice.address() + ">")).contains("BEGIN PGP MESSAGE");
  }

  @Test
  void whatGoesOutIsNotSigned() throws IOException {
    var recipient = "remote1@other.test";
    try (var peer = SmtpPeer.of(alice, relay.settings().ports())) {
      var message = Letters.encrypted(alice.address(), recipient);
      assertThat(peer.send(alice.address(), recipient, message)).startsWith("250 2.0.0");
    }

    assertThat(remote.await("To: <" + recipient + ">"))
        .contains("From: <" + alice.address() + ">")
        .doesNotContain("DKIM-Signature");
  }

  @Test
  void mailFromOutsideNeedsNoSignature() throws IOException {
    var author = "dora56789@other.test";

    assertThat(fromOutside(Letters.encrypted(author, bob.address()))).startsWith("250 2.0.0");

    assertThat(delivered("From: <" + author + ">")).contains("BEGIN PGP MESSAGE");
  }

  @Test
  void mailFromOutsideIsTakenIfEncryptedOrARequestOrAReport() throws IOException {
    var commented =
        Letters.encrypted(OUTSIDE, bob.address())
            .replaceFirst("MESSAGE-----\r", "MESSAGE-----\r\nComment: x\r");
    assertThat(fromOutside(Letters.secureJoin(OUTSIDE, bob.address()))).startsWith("250");
    var report = Letters.report("MAILER-DAEMON@other.test", bob.address());
    assertThat(fromOutside(report)).startsWith("250");
    assertThat(fromOutside(report.replaceFirst("Auto-Submitted: [^\r]*\r\n", "")))
        .isEqualTo(NEEDED);
    assertThat(fromOutside(commented)).startsWith("250");
    assertThat(fromOutside(Letters.clear(OUTSIDE, bob.address()))).isEqualTo(NEEDED);
    assertThat(fromOutside(Letters.report(OUTSIDE, bob.address()))).isEqualTo(NEEDED);
    assertThat(fromOutside(Letters.setup(OUTSIDE, bob.address()))).isEqualTo(NEEDED);
  }

  @Test
  void cleartextIsTakenByWhomeverHasNoFlagAgainstIt() throws IOException {
    var dave = login(Account.fresh(DOMAIN));
    var flag = relay.settings().mailboxes().resolve(dave.address()).resolve("enforceE2EEincoming");
    var message = Letters.clear(OUTSIDE, dave.address());

    try (var peer = peer()) {
      assertThat(peer.send(OUTSIDE, dave.address(), message)).isEqualTo(NEEDED);
      Files.delete(flag);
      peer.ask("MAIL FROM:<" + OUTSIDE + ">");
      peer.ask("RCPT TO:<" + bob.address() + ">");
      peer.ask("RCPT TO:<" + dave.address() + ">");
      peer.ask("DATA");
      assertThat(peer.ask(message + ".")).as("as one of them does not").isEqualTo(NEEDED);
      assertThat(peer.send(OUTSIDE, dave.address(), message)).startsWith("250");
    }
    assertThat(Delivered.to(dave, relay.settings(), "Subject: hello")).contains("readable by all");
  }

  @Test
  void whatIsTooLargeIsRefusedWhetherAnnouncedOrNot() throws IOException {
    var large = Letters.encrypted(OUTSIDE, bob.address()) + "x\r\n".repeat(40_000);

    try (var peer = peer()) {
      assertThat(peer.ask("MAIL FROM:<" + OUTSIDE + "> SIZE=100001"))
          .isEqualTo("552 5.3.4 Message size exceeds fixed limit");
      assertThat(peer.send(OUTSIDE, bob.address(), large))
          .isEqualTo("552 5.3.4 Message size exceeds fixed limit");
    }
  }

  @Test
  void noOtherLineEndIsTakenForOne() throws IOException {
    var message = Letters.encrypted(OUTSIDE, bob.address());

    assertThat(fromOutside(message.replaceFirst("\r\n", "\n"))).isEqualTo(BARE_LF);
    assertThat(fromOutside(message + "\n.\nMAIL FROM:<eve@other.test>\r\n")).isEqualTo(BARE_LF);
    assertThat(fromOutside(message + "\r\n.\nRSET\r\n")).isEqualTo(BARE_LF);
    assertThat(fromOutside(message.replaceFirst("\r\n", "\r")))
        .isEqualTo("550 5.6.0 the message has a CR or LF by itself");
  }

  @Test
  void bytesOfEightBitsArriveAsTheyWere() throws IOException {
    var message =
        Letters.encrypted(OUTSIDE, bob.address())
            .replaceFirst("\r\n\r\n--b", "\r\n\r\nverschl\u00fcsselt\r\n--b");

    try (var peer = peer()) {
      assertThat(peer.sendAs("<" + OUTSIDE + "> BODY=8BITMIME", bob.address(), message))
          .startsWith("250");
    }
    assertThat(delivered("verschl\u00fcsselt")).doesNotContain("quoted-printable");
  }

  @Test
  void strangersAreToldNothingAndServedNothingElse() throws IOException {
    try (var peer = peer()) {
      assertThat(peer.ask("VRFY " + bob.address())).isEqualTo("502 5.5.1 VRFY command is disabled");
      assertThat(peer.send(OUTSIDE, "remote2@other.test", ""))
          .isEqualTo("554 5.7.1 <remote2@other.test>: Relay access denied");
      assertThat(peer.ask("XFORWARD ADDR=192.0.2.1"))
          .isEqualTo("550 5.7.0 Error: insufficient authorization");
      assertThat(peer.logIn(alice)).isEqualTo("503 5.5.1 Error: authentication not enabled");
    }
    try (var peer = SmtpPeer.inTheClear(relay.settings().ports().smtp())) {
      peer.ask("EHLO other.test");
      assertThat(peer.ask("MAIL FROM:<" + OUTSIDE + ">"))
          .isEqualTo("530 5.7.0 Must issue a STARTTLS command first");
    }
  }

  private String fromOutside(String message) throws IOException {
    try (var peer = peer()) {
      return peer.send(OUTSIDE, bob.address(), message);
    }
  }

  private SmtpPeer peer() throws IOException {
    return new SmtpPeer(relay.settings().ports().smtp());
  }

  private String delivered(String text) {
    return Delivered.to(bob, relay.settings(), text);
  }

  private Account login(Account account) throws IOException {
    relay.imap(account).close();
    return account;
  }
}
