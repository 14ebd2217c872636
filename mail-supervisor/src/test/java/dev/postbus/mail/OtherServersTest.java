package dev.postbus.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.bench.mail.Account;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Mail to other servers, of which the only one that can be had here is a relay of our own with a
 * certificate that it has signed itself.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OtherServersTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private RunningMail other;
  private RunningMail relay;
  private Account alice;
  private Account bob;

  @BeforeAll
  void start() throws Exception {
    // Without a domain, so that it asks for no signature.
    other = prepare("127.0.0.1");
    other.start("");
    relay = prepare("relay.test");
    var port = other.settings().ports().smtp();
    // There is no DNS that would name the other one.
    relay.start(
        "smtp_dns_support_level = disabled\nsmtp_host_lookup = native\n"
            + "transport_maps = inline:{ {[127.0.0.1] = smtp:[127.0.0.1]:%d}, {named.test = smtp:localhost:%d} }\n"
                .formatted(port, port));
    alice = login(relay, Account.fresh("relay.test"));
    bob = login(other, Account.fresh("[127.0.0.1]"));
  }

  @AfterAll
  void stop() throws IOException {
    for (var one : new RunningMail[] {relay, other}) {
      if (one != null) {
        one.close();
      }
    }
  }

  @Test
  void anAddressInBracketsIsReachedOverTlsThatNobodyVouchesFor() throws IOException {
    send(bob.address());

    assertThat(Delivered.to(bob, other.settings(), "From: <" + alice.address() + ">"))
        .contains("BEGIN PGP MESSAGE");
    assertThat(relay.lines())
        .anyMatch(
            line -> line.contains("to=<" + bob.address() + ">") && line.contains("status=sent"));
  }

  @Test
  void aNameWhoseCertificateNobodyVouchesForGetsNothing() throws IOException {
    send("carol1234@named.test");

    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThat(relay.lines())
                    .anyMatch(
                        line ->
                            line.contains("to=<carol1234@named.test>")
                                && line.contains("status=deferred")
                                && line.contains("Server certificate not verified")));
  }

  @Test
  void whatCannotBeDeliveredIsTriedForTwoDaysAndThenComesBack() throws Exception {
    var recipient = "dave12345@named.test";
    send(recipient);
    var message = QueuedMail.to(recipient, relay);

    message.hasWaited(Duration.ofDays(2).minusMinutes(10));
    message.isTriedInVain();
    assertThat(message.expired(alice.address())).isFalse();
    message.hasWaited(Duration.ofDays(2).plusMinutes(10));
    message.isTriedForTheLastTime();

    assertThat(message.expired(alice.address())).isTrue();
    assertThat(Delivered.to(alice, relay.settings(), "Final-Recipient: rfc822; " + recipient))
        .contains(
            "From: Mail Delivery System <MAILER-DAEMON@relay.test>",
            "To: " + alice.address(),
            "Content-Type: multipart/report; report-type=delivery-status;",
            "Auto-Submitted: auto-replied",
            "Action: failed",
            "Status: 4.7.5",
            "Diagnostic-Code: X-Postfix; Server certificate not verified");
  }

  private void send(String recipient) throws IOException {
    try (var peer = SmtpPeer.of(alice, relay.settings().ports())) {
      var message = Letters.encrypted(alice.address(), recipient);
      assertThat(peer.send(alice.address(), recipient, message)).startsWith("250");
    }
  }

  private static RunningMail prepare(String domain) throws IOException {
    return RunningMail.prepare(Map.of("mail_domain", domain));
  }

  private static Account login(RunningMail at, Account account) throws IOException {
    at.imap(account).close();
    return account;
  }
}
