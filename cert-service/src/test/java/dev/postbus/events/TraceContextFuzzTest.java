package dev.postbus.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The fuzz target on its corpus, and on simple changes of it. */
class TraceContextFuzzTest {
  private static final int CHANGES = 2000;

  @Test
  void nothingBreaksTheParser() throws Exception {
    var random = new Random(4711);
    var folder = Path.of(TraceContextFuzz.class.getResource("/fuzz/trace-context").toURI());
    try (var files = Files.list(folder)) {
      var corpus = files.sorted().toList();
      assertThat(corpus).hasSizeGreaterThanOrEqualTo(3);
      for (var file : corpus) {
        var input = Files.readAllBytes(file);
        TraceContextFuzz.fuzzerTestOneInput(input);
        for (int i = 0; i < CHANGES; i++) {
          var changed = input.clone();
          changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
          TraceContextFuzz.fuzzerTestOneInput(changed);
        }
      }
    }
  }
}
