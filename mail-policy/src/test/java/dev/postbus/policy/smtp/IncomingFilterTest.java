package dev.postbus.policy.smtp;

import static dev.postbus.policy.smtp.Samples.ALICE;
import static dev.postbus.policy.smtp.Samples.BOB;
import static dev.postbus.policy.smtp.Samples.CLEARTEXT;
import static dev.postbus.policy.smtp.Samples.ENCRYPTED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.policy.dkim.Verdict;
import dev.postbus.policy.message.MessageJudge;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncomingFilterTest {
  private static final String NEEDED = "523 Encryption Needed: Invalid Unencrypted Mail";
  private static final String OPEN = "open12345@relay.test";
  private static final String REPORT =
      "From: Mail Delivery System <MAILER-DAEMON@other.test>\r\nAuto-Submitted: auto-replied\r\n"
          + "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
          + "--b\r\n\r\nnot delivered\r\n--b--\r\n";

  @TempDir Path folder;
  private FilterUnderTest filter;

  @BeforeEach
  void listen() throws IOException {
    filter =
        new FilterUnderTest(
            folder,
            new MailRules.Incoming(
                OPEN::equals,
                message -> MessageJudge.judge(message.open(), false),
                (message, authors) -> Verdict.VALID),
            FilterUnderTest.LIMITS,
            () -> 100_000);
  }

  @AfterEach
  void close() throws IOException {
    filter.close();
  }

  @Test
  void encryptedMailPassesWhoeverTheEnvelopeNames() throws IOException {
    assertThat(send(ENCRYPTED, "somebody@other.test", BOB)).startsWith("250");
    assertThat(send(ENCRYPTED, "", BOB)).startsWith("250");
  }

  @Test
  void aCommentInTheArmorAndWordsAroundThePartsAreOtherClientsHabits() throws IOException {
    var commented = ENCRYPTED.replaceFirst("-----\r\n\r\n", "-----\r\nVersion: GnuPG v2\r\n\r\n");
    var explained = ENCRYPTED.replaceFirst("\r\n\r\n--b", "\r\n\r\nThis is encrypted\r\n--b");

    assertThat(send(commented, ALICE, BOB)).startsWith("250");
    assertThat(send(explained, ALICE, BOB)).startsWith("250");
  }

  @Test
  void cleartextPassesOnlyIfEveryRecipientAcceptsIt() throws IOException {
    assertThat(send(CLEARTEXT, ALICE, BOB)).isEqualTo(NEEDED);
    assertThat(send(CLEARTEXT, ALICE, OPEN)).startsWith("250");
    assertThat(send(CLEARTEXT, ALICE, OPEN, BOB)).isEqualTo(NEEDED);
    assertThat(filter.counters.verdicts().of(FilterVerdict.ACCEPTED_CLEARTEXT)).isEqualTo(1);
    assertThat(filter.counters.verdicts().of(FilterVerdict.REFUSED_CLEARTEXT)).isEqualTo(2);
  }

  @Test
  void aMailServersReportPasses() throws IOException {
    assertThat(send(REPORT, "", BOB)).startsWith("250");
    assertThat(send(REPORT.replace("MAILER-DAEMON", "mailer-daemon"), "", BOB)).startsWith("250");
    assertThat(filter.counters.verdicts().of(FilterVerdict.MAILER_DAEMON)).isEqualTo(2);
  }

  @Test
  void aReportMustBeOneInAllItsSigns() throws IOException {
    assertThat(send(REPORT.replace("MAILER-DAEMON", "somebody"), "", BOB)).isEqualTo(NEEDED);
    assertThat(send(REPORT.replaceFirst("Auto.*\r\n", ""), "", BOB)).isEqualTo(NEEDED);
    assertThat(send(REPORT.replace("/report", "/mixed"), "", BOB)).isEqualTo(NEEDED);
  }

  @Test
  void aSetupMessageFromElsewhereIsCleartext() throws IOException {
    var setup =
        "From: "
            + BOB
            + "\r\nSubject: Autocrypt Setup Message\r\n"
            + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n";

    assertThat(send(setup, BOB, BOB)).isEqualTo(NEEDED);
  }

  private String send(String message, String sender, String... recipients) throws IOException {
    try (var client = filter.connect()) {
      return client.send(message, sender, recipients);
    }
  }
}
