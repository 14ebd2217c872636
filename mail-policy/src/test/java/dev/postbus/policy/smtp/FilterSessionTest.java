package dev.postbus.policy.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.policy.TestSettings;
import dev.postbus.policy.net.Listener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The outgoing filter between real sockets, with a small SMTP server as its next hop. */
class FilterSessionTest {
  private static final String ALICE = "alice1234@relay.test";
  static final String ENCRYPTED =
      "From: <"
          + ALICE
          + ">\r\nContent-Type: multipart/encrypted; boundary=b\r\n\r\n"
          + "--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n"
          + "--b\r\nContent-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\n"
          + "wQMBAgPSBGRhdGE=\r\n-----END PGP MESSAGE-----\r\n\r\n--b--\r\n";

  @TempDir Path folder;
  private SmtpSink nextHop;
  private Listener filter;
  private int port;

  @BeforeEach
  void listen() throws IOException {
    nextHop = new SmtpSink();
    var settings = TestSettings.in(folder, nextHop.port());
    port = SmtpSink.freePort();
    var rate = new SendRate(() -> 0);
    var rules = new MailRules.Outgoing(sender -> rate.allows(sender, 60, 3));
    var hop = new NextHop(settings.outgoing().reinject());
    filter =
        Listener.onLoopback(port, "filter", c -> FilterSession.serve(c, rules, hop, () -> 100_000));
  }

  @AfterEach
  void close() throws IOException {
    filter.close();
    nextHop.close();
  }

  @Test
  void anEncryptedMessageReachesTheNextHopAsItWas() throws IOException {
    try (var client = new SmtpClient(port)) {
      assertThat(client.send(ALICE, ENCRYPTED)).isEqualTo("250 2.0.0 taken as 1");
    }
    assertThat(nextHop.heard())
        .contains("MAIL FROM:<" + ALICE + ">", "RCPT TO:<bob123456@relay.test>")
        .anyMatch(line -> line.equals("DATA|" + ENCRYPTED));
  }

  @Test
  void refusalsHaveTheirCodes() throws IOException {
    try (var client = new SmtpClient(port)) {
      assertThat(client.send(ALICE, "From: " + ALICE + "\r\n\r\nhello"))
          .isEqualTo("523 Encryption Needed: Invalid Unencrypted Mail");
      assertThat(client.send(ALICE, ENCRYPTED.replace(ALICE, "other@relay.test")))
          .startsWith("500 Invalid FROM");
      assertThat(client.send(ALICE, ENCRYPTED.replace(ALICE, "ALICE1234@Relay.Test")))
          .startsWith("250");
      assertThat(client.ask("MAIL FROM:<" + ALICE + ">")).startsWith("450 4.7.1");
    }
  }

  @Test
  void aMessageOverTheLimitIs552() throws IOException {
    try (var client = new SmtpClient(port)) {
      assertThat(client.send(ALICE, "x".repeat(70).concat("\r\n").repeat(2000))).startsWith("552");
      assertThat(client.ask("NOOP")).startsWith("250");
    }
  }

  @Test
  void aBareLineFeedIsRefused() throws IOException {
    try (var client = new SmtpClient(port)) {
      assertThat(client.send(ALICE, ENCRYPTED.replaceFirst("\r\n", "\n"))).startsWith("550");
    }
  }

  @Test
  void whatTheNextHopSaysComesThrough() throws IOException {
    nextHop.refuse("RCPT");
    try (var client = new SmtpClient(port)) {
      assertThat(client.send(ALICE, ENCRYPTED)).isEqualTo("550 5.1.1 not this one");
    }
  }

  @Test
  void withoutANextHopTheSenderTriesAgainLater() throws IOException {
    nextHop.close();
    try (var client = new SmtpClient(port)) {
      assertThat(client.send(ALICE, ENCRYPTED)).startsWith("451 4.3.0");
    }
  }

  @Test
  void offersWhatKeepsSignaturesWhole() throws IOException {
    try (var client = new SmtpClient(port)) {
      client.say("EHLO x");
      assertThat(client.lines()).contains("250-PIPELINING", "250 8BITMIME", "250-SIZE 100000");
    }
  }

  @Test
  void commandsInOnePacketAreAnsweredInOrder() throws IOException {
    try (var client = new SmtpClient(port)) {
      client.say(
          "MAIL FROM:<" + ALICE + ">\r\nRCPT TO:<bob123456@relay.test>\r\nRSET\r\nDATA\r\nQUIT");
      assertThat(List.of(client.line(), client.line(), client.line(), client.line(), client.line()))
          .extracting(line -> line.substring(0, 3))
          .containsExactly("250", "250", "250", "503", "221");
    }
  }
}
