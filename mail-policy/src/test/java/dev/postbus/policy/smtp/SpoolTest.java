package dev.postbus.policy.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpoolTest {
  private static final long SHARED = 1 << 20;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "0, 1, false",
    "1, 1, false",
    "8191, 100, false",
    "8192, 8192, false",
    "8193, 8193, false",
    "100000, 30001, false",
    "262144, 32768, false",
    "262145, 32768, true",
    "700000, 9999, true"
  })
  void whatWasWrittenIsReadWhereverItIsKept(int size, int atOnce, boolean inFile)
      throws IOException {
    var spools = SpoolFolder.open(folder, SHARED);
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);

    try (var spool = spools.spool().orElseThrow()) {
      for (int at = 0; at < size; at += atOnce) {
        spool.write(bytes, at, Math.min(atOnce, size - at));
      }

      assertThat(spool.isInFile()).isEqualTo(inFile);
      assertThat(spool.size()).isEqualTo(size);
      assertThat(spool.read().readAllBytes()).isEqualTo(bytes);
      // Again, by other steps
      assertThat(readBy(spool, 777)).isEqualTo(bytes);
      assertThat(spool.read().read()).isEqualTo(size == 0 ? -1 : bytes[0] & 0xff);
    }

    assertThat(spools.memoryLeft()).isEqualTo(SHARED);
  }

  @Test
  void whereMemoryIsShortAFileTakesItsPlace() throws IOException {
    var spools = SpoolFolder.open(folder, 10_000);
    var bytes = new byte[20_000];
    new Random(1).nextBytes(bytes);

    try (var spool = spools.spool().orElseThrow()) {
      spool.write(bytes, 0, 5_000);
      assertThat(spool.isInFile()).isFalse();
      spool.write(bytes, 5_000, 15_000);

      assertThat(spool.isInFile()).isTrue();
      assertThat(spool.read().readAllBytes()).isEqualTo(bytes);
      assertThat(spools.memoryLeft()).isEqualTo(10_000);
    }
  }

  private static byte[] readBy(Spool spool, int step) throws IOException {
    var read = new ByteArrayOutputStream();
    var block = new byte[step];
    try (var in = spool.read()) {
      for (int count = in.read(block); count > 0; count = in.read(block)) {
        read.write(block, 0, count);
      }
    }
    return read.toByteArray();
  }
}
