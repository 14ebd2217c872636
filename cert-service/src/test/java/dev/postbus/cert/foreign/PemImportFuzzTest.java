package dev.postbus.cert.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The fuzz target on its corpus, and on simple changes of it; {@code ./postbus fuzz pem-import} has
 * Jazzer look for cleverer ones.
 */
class PemImportFuzzTest {
  private static final int CHANGES = 300;

  @Test
  void nothingBreaksTheParser() throws Exception {
    var random = new Random(4711);
    for (var input : corpus()) {
      PemImportFuzz.fuzzerTestOneInput(input);
      for (int i = 0; i < CHANGES; i++) {
        PemImportFuzz.fuzzerTestOneInput(changed(input, random));
      }
    }
  }

  private static List<byte[]> corpus() throws Exception {
    var folder = Path.of(PemImportFuzz.class.getResource("/fuzz/pem-import").toURI());
    var inputs = new ArrayList<byte[]>();
    try (var files = Files.list(folder)) {
      for (var file : files.sorted().toList()) {
        inputs.add(Files.readAllBytes(file));
      }
    }
    assertThat(inputs).hasSizeGreaterThanOrEqualTo(9);
    return inputs;
  }

  private static byte[] changed(byte[] input, Random random) {
    var at = random.nextInt(input.length);
    return switch (random.nextInt(3)) {
      case 0 -> Arrays.copyOf(input, at);
      case 1 -> Arrays.copyOfRange(input, at, input.length);
      default -> {
        var copy = input.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
          copy[random.nextInt(copy.length)] = (byte) random.nextInt(128);
        }
        yield copy;
      }
    };
  }
}
