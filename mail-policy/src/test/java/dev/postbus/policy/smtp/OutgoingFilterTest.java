package dev.postbus.policy.smtp;

import static dev.postbus.policy.smtp.Samples.ALICE;
import static dev.postbus.policy.smtp.Samples.BOB;
import static dev.postbus.policy.smtp.Samples.CLEARTEXT;
import static dev.postbus.policy.smtp.Samples.ENCRYPTED;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutgoingFilterTest {
  private static final String NEEDED = "523 Encryption Needed: Invalid Unencrypted Mail";
  private static final String BARE = "550 5.6.0 the message has a CR or LF by itself";
  private static final String SETUP =
      "From: <"
          + ALICE
          + ">\r\nSubject: Autocrypt Setup Message\r\n"
          + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n";

  @TempDir Path folder;
  private final AtomicLong now = new AtomicLong();
  private final AtomicLong maxMessageSize = new AtomicLong(100_000);
  private volatile int burst = 1000;
  private FilterUnderTest filter;

  @BeforeEach
  void listen() throws IOException {
    var rate = new SendRate(now::get);
    var rules = FilterUnderTest.outgoing(sender -> rate.allows(sender, 60, burst));
    filter = new FilterUnderTest(folder, rules, FilterUnderTest.LIMITS, maxMessageSize::get);
  }

  @AfterEach
  void close() throws IOException {
    filter.close();
  }

  @Test
  void anEncryptedMessageReachesTheNextHopAsItWas() throws IOException {
    assertThat(send(ENCRYPTED, BOB)).isEqualTo("250 2.0.0 taken as 1");

    assertThat(filter.hop.heard)
        .containsSubsequence("MAIL FROM:<" + ALICE + ">", "RCPT TO:<" + BOB + ">", "DATA");
    assertThat(filter.hop.taken).containsExactly(ENCRYPTED);
  }

  @Test
  void aSecureJoinRequestPasses() throws IOException {
    var request =
        "From: "
            + ALICE
            + "\r\nSecure-Join: vg-request\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
            + "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nSecure-Join: vg-request\r\n"
            + "--b--\r\n";

    assertThat(send(request, BOB)).startsWith("250");
    assertThat(send(request.replace("--b--", "--b\r\n\r\nhello\r\n--b--"), BOB)).isEqualTo(NEEDED);
  }

  @Test
  void cleartextIsRefused() throws IOException {
    assertThat(send(CLEARTEXT, BOB)).isEqualTo(NEEDED);
    assertThat(send(CLEARTEXT, ALICE)).isEqualTo(NEEDED);
    assertThat(filter.hop.taken).isEmpty();
  }

  @Test
  void aReportIsNoExceptionForOwnUsers() throws IOException {
    var report =
        "From: "
            + ALICE
            + "\r\nAuto-Submitted: auto-replied\r\nContent-Type: multipart/report; boundary=b\r\n"
            + "\r\n--b\r\n\r\nx\r\n--b--\r\n";

    assertThat(send(report, BOB)).isEqualTo(NEEDED);
  }

  @Test
  void theFromHeaderMustBeTheSender() throws IOException {
    assertThat(send(ENCRYPTED.replace("From: <" + ALICE, "From: <other@relay.test"), BOB))
        .isEqualTo("500 Invalid FROM: the From header must be the sender, " + ALICE);
    assertThat(send(ENCRYPTED.replace("From: <" + ALICE, "From: A <ALICE1234@Relay.Test"), BOB))
        .startsWith("250");
    assertThat(send("From: " + BOB + "\r\n" + ENCRYPTED, BOB)).startsWith("500 ");
    assertThat(send(ENCRYPTED.replaceFirst("From: .*\r\n", ""), BOB)).startsWith("500 ");
  }

  @Test
  void aWrongFromIsToldBeforeWhatIsNotEncrypted() throws IOException {
    assertThat(send(CLEARTEXT.replace(ALICE, BOB), BOB)).startsWith("500 ");
  }

  @Test
  void aSetupMessagePassesToOneselfAlone() throws IOException {
    assertThat(send(SETUP, ALICE)).startsWith("250");
    assertThat(send(SETUP, ALICE.toUpperCase(java.util.Locale.ROOT))).startsWith("250");
    assertThat(send(SETUP, BOB)).isEqualTo(NEEDED);
    assertThat(send(SETUP, ALICE, BOB)).isEqualTo(NEEDED);
    assertThat(send(SETUP.replace("Setup", "Set-up"), ALICE)).isEqualTo(NEEDED);
    assertThat(send(SETUP.replace("mixed", "alternative"), ALICE)).isEqualTo(NEEDED);
  }

  @Test
  void tooMuchMailIsToldAtMailFromWhateverTheLettersCase() throws IOException {
    burst = 2;
    try (var client = filter.connect()) {
      assertThat(client.ask("MAIL FROM:<" + ALICE + ">")).startsWith("250");
      client.ask("RSET");
      assertThat(client.ask("MAIL FROM:<Alice1234@RELAY.test>")).startsWith("250");
      client.ask("RSET");
      assertThat(client.ask("MAIL FROM:<" + ALICE + ">"))
          .isEqualTo("450 4.7.1: Too much mail from " + ALICE);
      assertThat(client.ask("MAIL FROM:<" + BOB + ">")).startsWith("250");
      client.ask("RSET");
      now.addAndGet(1_000_000_000);
      assertThat(client.ask("MAIL FROM:<" + ALICE + ">")).startsWith("250");
    }
  }

  @Test
  void aLimitThatChangesHoldsForConnectionsThatAreOpen() throws IOException {
    try (var client = filter.connect()) {
      assertThat(client.ask("MAIL FROM:<" + ALICE + "> SIZE=60000")).startsWith("250");
      client.ask("RSET");

      maxMessageSize.set(50_000);
      burst = 1;

      assertThat(client.ask("MAIL FROM:<" + BOB + "> SIZE=60000"))
          .isEqualTo("552 5.3.4 the message is too large");
      assertThat(client.ask("MAIL FROM:<" + ALICE + ">")).startsWith("450");
    }
  }

  @Test
  void aSenderThatIsNoAddressIsRefused() throws IOException {
    try (var client = filter.connect()) {
      assertThat(client.ask("MAIL FROM:<>")).isEqualTo("500 Invalid from address <>");
      assertThat(client.ask("MAIL FROM:<alice>")).isEqualTo("500 Invalid from address <alice>");
      assertThat(client.ask("MAIL FROM:<a@b@c>")).isEqualTo("500 Invalid from address <a@b@c>");
    }
  }

  @Test
  void aMessageOverTheLimitIs552() throws IOException {
    try (var client = filter.connect()) {
      assertThat(client.send("x".repeat(70).concat("\r\n").repeat(2000), ALICE, BOB))
          .isEqualTo("552 5.3.4 the message is too large");
      assertThat(client.ask("MAIL FROM:<" + ALICE + "> SIZE=100001"))
          .isEqualTo("552 5.3.4 the message is too large");
      assertThat(client.ask("MAIL FROM:<" + ALICE + "> BODY=8BITMIME SIZE=100000"))
          .startsWith("250");
    }
  }

  @Test
  void aBareLineEndIsRefused() throws IOException {
    assertThat(send(ENCRYPTED.replaceFirst("\r\n", "\n"), BOB)).isEqualTo(BARE);
    assertThat(send(ENCRYPTED.replaceFirst("\r\n", "\r"), BOB)).isEqualTo(BARE);
    assertThat(send(ENCRYPTED.replaceFirst("\r\n", "\r\n.\n"), BOB)).isEqualTo(BARE);
    assertThat(filter.hop.taken).isEmpty();
  }

  @Test
  void whatBecomesOfMessagesIsCounted() throws IOException {
    // When mail of several kinds is sent, and the next server does not take all of it
    burst = 4;
    send(ENCRYPTED, BOB);
    send(SETUP, ALICE);
    filter.hop.does((connection, command) -> command.equals(".") ? "550 5.0.0 no" : null);
    send(ENCRYPTED, BOB);
    send(CLEARTEXT, BOB);
    send(CLEARTEXT, BOB);

    // Then each counts for what it was
    var verdicts = filter.counters.verdicts();
    assertThat(verdicts.of(FilterVerdict.ENCRYPTED)).isEqualTo(2);
    assertThat(verdicts.of(FilterVerdict.SETUP_MESSAGE)).isEqualTo(1);
    assertThat(verdicts.of(FilterVerdict.REFUSED_CLEARTEXT)).isEqualTo(1);
    assertThat(verdicts.of(FilterVerdict.PUT_OFF_RATE)).isEqualTo(1);
    assertThat(filter.counters.answers().of(FilterCounters.Answer.TAKEN)).isEqualTo(2);
    assertThat(filter.counters.answers().of(FilterCounters.Answer.REFUSED)).isEqualTo(1);
  }

  private String send(String message, String... recipients) throws IOException {
    try (var client = filter.connect()) {
      return client.send(message, ALICE, recipients);
    }
  }
}
