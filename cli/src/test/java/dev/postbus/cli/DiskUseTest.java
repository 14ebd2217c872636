package dev.postbus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.bench.measure.Sampler.Reading;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskUseTest {
  @TempDir Path state;

  @Test
  void countsBlocksByFolder() throws IOException {
    // Given a folder with two megabytes below it, and one with a file that is nearly all hole
    Files.createDirectories(state.resolve("mailboxes/inner"));
    Files.write(state.resolve("mailboxes/inner/mail"), new byte[2 << 20]);
    Files.createDirectory(state.resolve("bus"));
    try (var sparse = new RandomAccessFile(state.resolve("bus/index").toFile(), "rw")) {
      sparse.setLength(100L << 20);
    }

    var sizes =
        new DiskUse(state)
            .read().stream().collect(Collectors.toMap(Reading::of, Function.identity()));

    assertThat(sizes).containsOnlyKeys("mailboxes", "bus", Reading.SUM);
    assertThat(sizes.get("mailboxes").value()).isBetween(2.0, 2.5);
    assertThat(sizes.get("bus").value()).isLessThan(1);
    assertThat(sizes.get(Reading.SUM).value()).isBetween(2.0, 3.5);
  }
}
