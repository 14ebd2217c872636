package dev.postbus.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.bench.measure.Sampler.Reading;
import dev.postbus.bench.results.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplesTest {
  @TempDir Path folder;

  @Test
  void theFileHoldsEachSampleAtOnce() throws IOException {
    var file = folder.resolve("soak.csv");
    var samples = Samples.into(file);

    samples.add(15, List.of(new Reading("memory", "dovecot", "MB", 12.3456)));
    assertThat(Files.readString(file))
        .isEqualTo("seconds,quantity,of,unit,value\n15.0,memory,dovecot,MB,12.346\n");

    samples.add(30.04, List.of(new Reading("processor time", "", "% of a core", 7)));
    assertThat(Files.readAllLines(file)).last().isEqualTo("30.0,processor time,,% of a core,7.000");
  }

  @Test
  void whatSeparatesIsQuoted() throws IOException {
    var file = folder.resolve("soak.csv");

    Samples.into(file).add(1, List.of(new Reading("memory", "a \"b\", c", "MB", 1)));

    assertThat(Files.readAllLines(file)).last().isEqualTo("1.0,memory,\"a \"\"b\"\", c\",MB,1.000");
  }

  @Test
  void aQuantityIsToldByWhoseItIs() throws IOException {
    // Given a group that is not there at every sample
    var samples = Samples.into(folder.resolve("soak.csv"));
    samples.add(
        1, List.of(new Reading("memory", "a", "MB", 1), new Reading("memory", "b", "MB", 5)));
    samples.add(2, List.of(new Reading("memory", "a", "MB", 2)));

    assertThat(samples.of("memory").get("a")).containsExactly(new Point(1, 1), new Point(2, 2));
    assertThat(samples.of("memory").get("b")).containsExactly(new Point(1, 5));
    assertThat(samples.unit("memory")).isEqualTo("MB");
    assertThat(samples.of("threads")).isEmpty();
  }
}
