package dev.postbus.policy.smtp;

import static dev.postbus.policy.smtp.Samples.ALICE;
import static dev.postbus.policy.smtp.Samples.BOB;
import static dev.postbus.policy.smtp.Samples.ENCRYPTED;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a message when the next server does anything but its part. */
class NextHopTest {
  private static final String AWAY = "451 4.3.0 the next mail server is away, try again later";

  @TempDir Path folder;
  private FilterUnderTest filter;

  @BeforeEach
  void listen() throws IOException {
    listen(FilterUnderTest.LIMITS);
  }

  private void listen(SessionLimits limits) throws IOException {
    filter = FilterUnderTest.outgoing(folder, limits);
  }

  @AfterEach
  void close() throws IOException {
    filter.close();
  }

  @Test
  void oneThatIsNotThereIsSaidToBeAway() throws IOException {
    filter.hop.close();

    assertThat(send(BOB)).isEqualTo(AWAY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"connect", "EHLO", "MAIL", "RCPT", "DATA", "message", "."})
  void oneThatHangsUpTakesNothing(String when) throws IOException {
    filter.hop.does((connection, command) -> command.startsWith(when) ? TestHop.HANG_UP : null);

    assertThat(send(BOB)).isEqualTo(AWAY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"connect", "EHLO", "MAIL", "RCPT", "DATA", "."})
  void oneThatClosesWith421IsAway(String when) throws IOException {
    filter.hop.does(
        (connection, command) -> command.startsWith(when) ? "421 4.3.2 going down" : null);

    assertThat(send(BOB)).isEqualTo(AWAY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"connect", "EHLO", "MAIL", "RCPT", "DATA", "."})
  void oneThatSaysNothingIsNotWaitedForWithoutEnd(String when) throws IOException {
    filter.close();
    listen(
        new SessionLimits(
            Duration.ofMinutes(1), Duration.ofMillis(300), Duration.ofSeconds(30), 5, 4));
    filter.hop.does((connection, command) -> command.startsWith(when) ? TestHop.SAY_NOTHING : null);

    assertThat(send(BOB)).isEqualTo(AWAY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"connect", "EHLO", "MAIL", "RCPT", "DATA", "."})
  void oneThatDoesNotSpeakSmtpIsAway(String when) throws IOException {
    filter.hop.does((connection, command) -> command.startsWith(when) ? "HTTP/1.1 200 OK" : null);

    assertThat(send(BOB)).isEqualTo(AWAY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"MAIL", "RCPT", "DATA", "."})
  void aRefusalComesThroughAsItWasSaid(String when) throws IOException {
    filter.hop.does(
        (connection, command) -> command.startsWith(when) ? "550 5.1.1 <x>: not this one" : null);

    assertThat(send(BOB)).isEqualTo("550 5.1.1 <x>: not this one");
    assertThat(send(ALICE, BOB)).isEqualTo("550 5.1.1 <x>: not this one");
  }

  @Test
  void aRefusalOfSeveralLinesComesThroughWhole() throws IOException {
    filter.hop.does(
        (connection, command) -> command.equals(".") ? "554-5.7.1 no\r\n554 5.7.1 really" : null);

    try (var client = filter.connect()) {
      client.begin(ALICE, BOB);
      client.say(ENCRYPTED + ".");
      assertThat(client.lines()).containsExactly("554-5.7.1 no", "554 5.7.1 really");
    }
  }

  @Test
  void oneRecipientsRefusalIsTheMessagesAndForGoodCountsMost() throws IOException {
    filter.hop.does(
        (connection, command) ->
            command.contains("full")
                ? "452 4.2.2 full"
                : command.contains("gone") ? "550 5.1.1 gone" : null);

    assertThat(send(BOB, "full@relay.test")).isEqualTo("452 4.2.2 full");
    assertThat(send("full@relay.test", "gone@relay.test", BOB)).isEqualTo("550 5.1.1 gone");
    assertThat(filter.hop.taken).isEmpty();
  }

  @Test
  void aSenderPutOffIsNotRefusedForWhatFollowsOutOfOrder() throws IOException {
    // Given a server whose milter is away, with the commands already on their way
    filter.hop.does(
        (connection, command) ->
            command.startsWith("MAIL")
                ? "451 4.7.1 try again later"
                : command.startsWith("RCPT") || command.equals("DATA")
                    ? "503 5.5.1 need MAIL command"
                    : null);

    // Then the message is put off, not lost
    assertThat(send(BOB)).isEqualTo("451 4.7.1 try again later");
    assertThat(send(ALICE, BOB)).isEqualTo("451 4.7.1 try again later");
  }

  @Test
  void aPositiveAnswerOutOfTurnIsNotTakenForAnAcknowledgement() throws IOException {
    filter.hop.does((connection, command) -> command.equals("DATA") ? "250 ok" : null);

    assertThat(send(BOB)).isEqualTo(AWAY);
    assertThat(filter.hop.taken).isEmpty();
  }

  @Test
  void aConnectionIsKeptForTheNextMessage() throws IOException {
    send(BOB);
    send(ALICE, BOB);
    send(BOB);

    assertThat(filter.hop.taken).hasSize(3);
    assertThat(filter.hop.connections).hasValue(1);
  }

  @Test
  void aKeptConnectionIsLeftWhenItIsNotNeededSoon() throws IOException {
    filter.close();
    listen(
        new SessionLimits(
            Duration.ofMinutes(1), Duration.ofSeconds(20), Duration.ofMillis(50), 5, 4));
    send(BOB);

    Awaitility.await().until(() -> filter.hop.heard.contains("QUIT"));
    assertThat(send(BOB)).startsWith("250");
    assertThat(filter.hop.connections).hasValue(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"MAIL", "RCPT", "DATA"})
  void aKeptConnectionThatIsGoneIsReplaced(String when) throws IOException {
    send(BOB);
    filter.hop.does(
        (connection, command) ->
            connection == 1 && command.startsWith(when) ? TestHop.HANG_UP : null);

    assertThat(send(BOB)).startsWith("250");
    assertThat(filter.hop.connections).hasValue(2);
    assertThat(filter.hop.taken).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"MAIL", "RCPT", "DATA"})
  void aKeptConnectionMayAnswer421AtAnyTime(String when) throws IOException {
    send(BOB);
    filter.hop.does(
        (connection, command) ->
            connection == 1 && command.startsWith(when) ? "421 4.4.2 timeout" : null);

    assertThat(send(BOB)).startsWith("250");
  }

  @Test
  void nothingIsSentAgainOnceItsEndMayHaveBeenHeard() throws IOException {
    send(BOB);
    filter.hop.does(
        (connection, command) -> connection == 1 && command.equals(".") ? TestHop.HANG_UP : null);

    assertThat(send(BOB)).isEqualTo(AWAY);
    assertThat(filter.hop.taken).hasSize(2);
    assertThat(filter.hop.connections).hasValue(1);
  }

  @Test
  void whatWasSaidAroundTheMessageIsPassedOnAsItWas() throws IOException {
    try (var client = filter.connect()) {
      client.ask("XFORWARD NAME=mx.other.test ADDR=192.0.2.1");
      client.ask("XFORWARD PROTO=ESMTP HELO=x");
      client.ask("MAIL FROM:<" + ALICE + "> BODY=8BITMIME SMTPUTF8 SIZE=500");
      client.ask("RCPT TO:<" + BOB + "> NOTIFY=NEVER ORCPT=rfc822;b+40c");
      client.ask("DATA");
      assertThat(client.finish(ENCRYPTED)).startsWith("250");
    }

    assertThat(filter.hop.heard)
        .containsSubsequence(
            "XFORWARD NAME=mx.other.test ADDR=192.0.2.1",
            "XFORWARD PROTO=ESMTP HELO=x",
            "MAIL FROM:<" + ALICE + "> BODY=8BITMIME SMTPUTF8 SIZE=500",
            "RCPT TO:<" + BOB + "> NOTIFY=NEVER ORCPT=rfc822;b+40c",
            "DATA");
  }

  @Test
  void whereAMessageCameFromIsForgottenWithIt() throws IOException {
    try (var client = filter.connect()) {
      client.ask("XFORWARD ADDR=192.0.2.1");
      client.send(ENCRYPTED, ALICE, BOB);
      client.send(ENCRYPTED, ALICE, BOB);
    }

    assertThat(filter.hop.heard).filteredOn(line -> line.startsWith("XFORWARD")).hasSize(1);
  }

  @Test
  void oneWithoutExtensionsIsSpokenToInTurn() throws IOException {
    filter.hop.does((connection, command) -> command.startsWith("EHLO") ? "250 next" : null);

    try (var client = filter.connect()) {
      client.ask("XFORWARD ADDR=192.0.2.1");
      assertThat(client.send(ENCRYPTED, ALICE, BOB, ALICE)).startsWith("250");
    }
    assertThat(filter.hop.heard).noneMatch(line -> line.startsWith("XFORWARD"));
  }

  private String send(String... recipients) throws IOException {
    try (var client = filter.connect()) {
      return client.send(ENCRYPTED, ALICE, recipients);
    }
  }
}
