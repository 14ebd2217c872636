package dev.postbus.policy.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataReaderTest {
  @Test
  void endsAtTheDotAndUndoesTheOthers() throws IOException {
    try (var spool = new Spool()) {
      assertThat(read("a\r\n..b\r\n.c\r\n\r\n.\r\nNEXT", spool))
          .isEqualTo(DataReader.Outcome.WHOLE);
      assertThat(spool.read().readAllBytes()).asString().isEqualTo("a\r\n.b\r\nc\r\n\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\nb\r\n.\r\n",
        "a\rb\r\n.\r\n",
        "a\n.\nb\r\n.\r\n",
        "a\r\n.\rb\r\n.\r\n",
        "a\n.\r\nb\r\n.\r\n",
        "a\r\n.\nb\r\n.\r\n"
      })
  void noOtherLineEndIsTakenForOne(String text) throws IOException {
    try (var spool = new Spool()) {
      assertThat(read(text, spool)).isEqualTo(DataReader.Outcome.BARE_LINE_END);
    }
  }

  @Test
  void whatIsTooLargeIsReadToItsEndAndNotKept() throws IOException {
    try (var spool = new Spool()) {
      assertThat(read("x".repeat(5000) + "\r\n.\r\n", spool))
          .isEqualTo(DataReader.Outcome.TOO_LARGE);
      assertThat(spool.read().readAllBytes()).hasSizeLessThanOrEqualTo(1000);
    }
  }

  @Test
  void aSenderWhoHangsUpIsAnError() throws IOException {
    try (var spool = new Spool()) {
      assertThatThrownBy(() -> read("half a message\r\n", spool)).isInstanceOf(EOFException.class);
    }
  }

  private static DataReader.Outcome read(String text, Spool spool) throws IOException {
    var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    return new DataReader(in, 1000).into(spool);
  }
}
