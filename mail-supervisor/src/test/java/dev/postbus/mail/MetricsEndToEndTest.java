package dev.postbus.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.postbus.bench.Target;
import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.ImapSession;
import dev.postbus.bench.mail.SealedMessage;
import dev.postbus.bench.mail.SmtpSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the real daemons do, as mail-policy tells it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MetricsEndToEndTest {
  private static final String DOMAIN = "relay.test";
  private static final Duration LONG = Duration.ofSeconds(40);

  private RunningMail relay;
  private Target target;

  @BeforeAll
  void start() throws Exception {
    relay = RunningMail.prepare(Map.of("mail_domain", DOMAIN));
    relay.start("smtpd_timeout = 5s\n");
    target = relay.target();
  }

  @AfterAll
  void stop() throws IOException {
    if (relay != null) {
      relay.close();
    }
  }

  @Test
  void mailFromLoginToDeliveryIsSeenAndNobodyIsNamed() throws Exception {
    assertThat(metrics())
        .contains(
            "postbus_dovecot_up 1.0",
            "postbus_delivered_messages_total 0.0",
            "postbus_dkim_signed_messages_total 0.0");

    // When two come, one writes to the other, and then without encryption
    var alice = login(Account.fresh(DOMAIN));
    var bob = login(Account.fresh(DOMAIN));
    send(alice, bob, new SealedMessage(2000).bytes(alice.address(), bob.address()));
    var clear = "From: <%s>\r\nTo: <%s>\r\n\r\nhello\r\n".formatted(alice.address(), bob.address());
    assertThatThrownBy(() -> send(alice, bob, clear.getBytes(StandardCharsets.US_ASCII)))
        .hasMessageContaining("523");

    // Then all of it is counted
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThat(metrics())
                    .contains(
                        "postbus_new_accounts_total{kind=\"other\"} 2.0",
                        "postbus_filtered_messages_total{direction=\"outgoing\",verdict=\"encrypted\"} 1.0",
                        "postbus_filtered_messages_total{direction=\"outgoing\",verdict=\"refused_cleartext\"} 1.0",
                        "postbus_passed_messages_total{answer=\"taken\",direction=\"outgoing\"} 1.0",
                        "postbus_dkim_signed_messages_total 1.0",
                        "postbus_delivered_messages_total 1.0",
                        "postbus_failed_deliveries_total 0.0",
                        "postbus_imap_command_duration_seconds_count{command=\"SELECT\"} 2",
                        // Two for IMAP, two to send.
                        "postbus_logins_total{result=\"success\"} 4.0",
                        "postbus_logins_total{result=\"failure\"} 0.0"));
    assertThat(String.join("\n", metrics())).doesNotContain("@", DOMAIN, name(alice), name(bob));
  }

  @Test
  void aClientThatFallsSilentIsSentAwayAndCounted() throws Exception {
    try (var silent = new SmtpPeer(relay.settings().ports().smtp())) {
      assertThat(silent.hear()).isEqualTo("421 4.4.2 relay.test Error: timeout exceeded");

      await().atMost(LONG).until(() -> relay.timeouts().count() == 1);
    }
  }

  private List<String> metrics() throws IOException {
    var answer = new PolicyControl(relay.settings().ports()).pass("GET", "/metrics", "");
    assertThat(answer.status()).isEqualTo(200);
    return answer.body().lines().toList();
  }

  private Account login(Account account) throws IOException {
    try (var imap = ImapSession.logIn(target, account)) {
      imap.select();
    }
    return account;
  }

  private void send(Account from, Account to, byte[] message) throws IOException {
    try (var smtp = SmtpSession.logIn(target, from)) {
      smtp.send(to.address(), message);
    }
  }

  private static String name(Account account) {
    return account.address().substring(0, account.address().indexOf('@'));
  }
}
