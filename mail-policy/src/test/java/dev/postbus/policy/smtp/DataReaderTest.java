package dev.postbus.policy.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postbus.policy.net.LineReader;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataReaderTest {
  @TempDir Path folder;
  private SpoolFolder spools;

  @BeforeEach
  void open() throws IOException {
    spools = SpoolFolder.open(folder, 1 << 20);
  }

  @Test
  void endsAtTheDotAndUndoesTheOthers() throws IOException {
    try (var spool = spools.spool().orElseThrow()) {
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
    try (var spool = spools.spool().orElseThrow()) {
      assertThat(read(text, spool)).isEqualTo(DataReader.Outcome.BARE_LINE_END);
    }
  }

  @Test
  void whatIsTooLargeIsReadToItsEndAndNotKept() throws IOException {
    try (var spool = spools.spool().orElseThrow()) {
      assertThat(read("x".repeat(5000) + "\r\n.\r\n", spool))
          .isEqualTo(DataReader.Outcome.TOO_LARGE);
      assertThat(spool.read().readAllBytes()).hasSizeLessThanOrEqualTo(1000);
    }
  }

  @Test
  void aSenderWhoHangsUpIsAnError() throws IOException {
    try (var spool = spools.spool().orElseThrow()) {
      assertThatThrownBy(() -> read("half a message\r\n", spool)).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void itDoesNotMatterWhereAPacketEnds() throws IOException {
    try (var spool = spools.spool().orElseThrow()) {
      assertThat(read(bytes("a\r\n..b\r\n.c\r\n\r\n.\r\nNEXT", 1), spool))
          .isEqualTo(DataReader.Outcome.WHOLE);
      assertThat(spool.read().readAllBytes()).asString().isEqualTo("a\r\n.b\r\nc\r\n\r\n");
    }
  }

  private static DataReader.Outcome read(String text, Spool spool) throws IOException {
    return read(bytes(text, Integer.MAX_VALUE), spool);
  }

  private static DataReader.Outcome read(InputStream in, Spool spool) throws IOException {
    return new DataReader(new LineReader(in, 100), 1000, spool).read();
  }

  /** A stream that gives so many bytes at a time. */
  private static InputStream bytes(String text, int atOnce) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)) {
      @Override
      public int read(byte[] target, int offset, int length) {
        return super.read(target, offset, Math.min(length, atOnce));
      }
    };
  }
}
