package dev.postbus.policy.smtp;

import static dev.postbus.policy.smtp.Samples.ALICE;
import static dev.postbus.policy.smtp.Samples.BOB;
import static dev.postbus.policy.smtp.Samples.ENCRYPTED;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands around a message. */
class SmtpDialogueTest {
  @TempDir Path folder;
  private FilterUnderTest filter;
  private SmtpClient client;

  @BeforeEach
  void listen() throws IOException {
    filter = FilterUnderTest.outgoing(folder, FilterUnderTest.LIMITS);
    client = filter.connect();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    filter.close();
  }

  @Test
  void offersWhatKeepsSignaturesWhole() throws IOException {
    client.say("EHLO x");
    assertThat(client.lines())
        .contains(
            "250-PIPELINING",
            "250-SIZE 31457280",
            "250-XFORWARD NAME ADDR PROTO HELO SOURCE PORT IDENT",
            "250-SMTPUTF8",
            "250 8BITMIME");
    assertThat(client.ask("HELO x")).isEqualTo("250 filter");
  }

  @ParameterizedTest
  @CsvSource({
    "NOOP, 250 2.0.0 ok",
    "NOOP whatever, 250 2.0.0 ok",
    "noop, 250 2.0.0 ok",
    "RSET, 250 2.0.0 ok",
    "VRFY alice1234@relay.test, 252 2.0.0 send mail and see",
    "EXPN all, 502 5.5.1 no such command here",
    "BDAT 10, 502 5.5.1 no such command here",
    "'', 502 5.5.1 no such command here",
    "EHLO, 501 5.5.4 a name is needed",
    "MAIL, 501 5.5.4 MAIL FROM:<address> is needed",
    "MAIL FROM:alice1234@relay.test, 501 5.5.4 MAIL FROM:<address> is needed",
    "MAIL FROM:<alice1234@relay.test, 501 5.5.4 MAIL FROM:<address> is needed",
    "MAIL FROM:<alice1234@relay.test>SIZE=1, 501 5.5.4 MAIL FROM:<address> is needed",
    "MAIL FROM:<alice1234@relay.test> SIZE=many, 501 5.5.4 SIZE is a number of bytes",
    "MAIL FROM:<alice1234@relay.test> SIZE=18446744073709551615, 552 5.3.4 the message is too large",
    "mail from:<alice1234@relay.test>, 250 2.1.0 ok",
    "MAIL FROM: <alice1234@relay.test>, 250 2.1.0 ok",
    "MAIL FROM:<\"a > b\"@relay.test>, 250 2.1.0 ok",
    "RCPT TO:<bob123456@relay.test>, 503 5.5.1 MAIL first",
    "DATA, 503 5.5.1 RCPT first",
    "DATA now, 501 5.5.4 DATA has no argument",
    "XFORWARD, 501 5.5.4 a few attributes with values are needed",
    "XFORWARD ADDR=1.2.3.4, 250 2.0.0 ok",
    "QUIT, 221 2.0.0 bye"
  })
  void answers(String command, String answer) throws IOException {
    assertThat(client.ask(command)).isEqualTo(answer);
  }

  @Test
  void theOrderOfCommandsIsKept() throws IOException {
    client.ask("MAIL FROM:<" + ALICE + ">");
    assertThat(client.ask("MAIL FROM:<" + ALICE + ">"))
        .isEqualTo("503 5.5.1 one message at a time");
    assertThat(client.ask("XFORWARD ADDR=1.2.3.4")).isEqualTo("503 5.5.1 not within a message");
    assertThat(client.ask("RCPT TO:<>")).isEqualTo("501 5.5.4 RCPT TO:<address> is needed");
    assertThat(client.ask("DATA")).isEqualTo("503 5.5.1 RCPT first");
  }

  @Test
  void tooManyRecipientsAreAskedToWait() throws IOException {
    client.ask("MAIL FROM:<" + ALICE + ">");
    for (int i = 0; i < FilterUnderTest.LIMITS.mostRecipients(); i++) {
      assertThat(client.ask("RCPT TO:<" + i + BOB + ">")).startsWith("250");
    }
    assertThat(client.ask("RCPT TO:<" + BOB + ">")).isEqualTo("452 4.5.3 too many recipients");
  }

  @Test
  void afterTooManyErrorsNothingMoreIsHeard() throws IOException {
    for (int i = 1; i < FilterUnderTest.LIMITS.mostErrors(); i++) {
      assertThat(client.ask("NONSENSE")).startsWith("502");
    }
    assertThat(client.ask("NONSENSE")).startsWith("502");
    assertThat(client.line()).isEqualTo("421 4.7.0 too many errors");
    assertThat(client.line()).isNull();
  }

  @Test
  void commandsInOnePacketAreAnsweredInOrder() throws IOException {
    client.say("MAIL FROM:<" + ALICE + ">\r\nRCPT TO:<" + BOB + ">\r\nRSET\r\nDATA\r\nQUIT");
    assertThat(List.of(client.line(), client.line(), client.line(), client.line(), client.line()))
        .extracting(line -> line.substring(0, 3))
        .containsExactly("250", "250", "250", "503", "221");
  }

  @Test
  void aMessageAndWhatFollowsMayComeInOnePacket() throws IOException {
    client.begin(ALICE, BOB);
    client.say(ENCRYPTED + ".\r\nMAIL FROM:<" + ALICE + ">\r\nQUIT");

    assertThat(client.line()).startsWith("250 2.0.0 taken");
    assertThat(client.line()).startsWith("250");
    assertThat(client.line()).startsWith("221");
  }

  @Test
  void aCommandWithABareLineFeedEndsTheConversation() throws IOException {
    client.write("NOOP\nMAIL FROM:<" + ALICE + ">\r\n");

    assertThat(client.line()).isEqualTo("500 5.5.2 lines must end with CR LF");
    assertThat(client.line()).isNull();
  }

  @Test
  void aCommandThatDoesNotEndIsNotWaitedFor() throws IOException {
    client.write("X".repeat(8192));

    assertThat(client.line()).isEqualTo("500 5.5.6 the line is too long");
  }

  @Test
  void controlCharactersDoNotReachTheNextServer() throws IOException {
    assertThat(client.ask("MAIL FROM:<" + ALICE + "> BODY=\0"))
        .isEqualTo("500 5.5.2 a command has no control characters");
  }
}
