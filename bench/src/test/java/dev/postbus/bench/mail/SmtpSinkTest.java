package dev.postbus.bench.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SmtpSinkTest {
  private static final byte[] MESSAGE =
      "Subject: dots\r\n\r\n..\r\n.. .\r\n\r\r\n.\r.\nend".getBytes(StandardCharsets.US_ASCII);

  @Test
  void takesMessagesOfAnyFormOneAfterAnother() throws IOException {
    // Given a session that is not closed between messages
    try (var sink = SmtpSink.open();
        var session = SmtpSession.toFilter(sink.port(), "a@example.org")) {
      // When messages with lines that nearly look like an end are sent, and an empty one
      session.send("b@example.org", MESSAGE);
      session.send("c@example.org", "b@example.org", MESSAGE);
      session.send("b@example.org", new byte[0]);
      session.quit();

      // Then each was one
      assertThat(sink.messages()).isEqualTo(3);
    }
  }

  @Test
  void outlivesAClientThatHangsUpInAMessage() throws IOException {
    try (var sink = SmtpSink.open()) {
      // Given a client that goes in the middle of DATA
      try (var rude = Conversation.plain(sink.port())) {
        rude.hear();
        rude.say("DATA");
        assertThat(rude.hear()).startsWith("354");
        rude.say("Subject: half");
      }

      // When another one comes
      try (var session = SmtpSession.toFilter(sink.port(), "a@example.org")) {
        session.send("b@example.org", MESSAGE);
      }

      // Then only its message counts
      assertThat(sink.messages()).isEqualTo(1);
    }
  }

  @Test
  void isGoneWhenClosed() throws IOException {
    var sink = SmtpSink.open();
    var port = sink.port();
    sink.close();

    assertThatThrownBy(() -> Conversation.plain(port)).isInstanceOf(IOException.class);
  }
}
