package dev.postbus.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.bench.certs.Handshakes;
import dev.postbus.bench.certs.Listener;
import dev.postbus.bench.mail.Conversation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Postfix takes up certificates without a reload: no client is turned away or kept waiting. */
class CertificateRenewalTest {
  private static final int ROUNDS = 8;
  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void newOnesAreServedToWhoComesAndOldSessionsGoOn() throws Exception {
    try (var mail = RunningMail.prepare(Map.of())) {
      mail.start("");
      var ports = List.of("smtp", "submissions", "submission");
      var listeners =
          Listener.of(mail.target()).stream().filter(one -> ports.contains(one.name())).toList();
      var master = mail.process(MailDaemons.POSTFIX).pid();
      try (var handshakes = Handshakes.with(listeners, Duration.ofMillis(2));
          var staying = Conversation.tls("127.0.0.1", mail.settings().ports().submissions())) {
        assertThat(staying.hear()).startsWith("220");
        var fingerprint = "";
        // More often than folders of files in force before are kept.
        for (int round = 0; round < ROUNDS; round++) {
          assertThat(mail.newCertificateForPostfix()).isEqualTo("renewed");
          fingerprint = mail.certificate().fingerprint();
          handshakes.await(fingerprint, LONG);
        }
        staying.say("NOOP");
        assertThat(staying.hear()).startsWith("250");
        assertThat(handshakes.failures()).isEmpty();
      }
      assertThat(mail.process(MailDaemons.POSTFIX).pid()).isEqualTo(master);
      assertThat(mail.lines()).noneMatch(line -> line.contains("reload"));
      assertThat(mail.lines()).noneMatch(line -> line.contains("fatal"));

      assertThat(mail.changePostfix(Map.of("max_message_size", "10000000"))).isEqualTo("reloaded");
      await().atMost(LONG).until(mail::ready);
    }
  }
}
