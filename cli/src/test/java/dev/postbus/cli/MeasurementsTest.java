package dev.postbus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postbus.bench.measure.Measurement;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MeasurementsTest {
  @Test
  void anotherRelayIsMeasuredFromOutsideOnly() {
    // Given another relay
    var elsewhere = new Measurements.Request(new StateOption(), false, new BenchOptions());

    // Then the usual measurements are those that need nothing of its machine
    assertThat(Measurements.chosen(List.of(), elsewhere))
        .extracting(Measurement::name)
        .hasSize(4)
        .doesNotContain("memory", "changes");
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> Measurements.chosen(List.of("mail", "soak"), elsewhere))
        .withMessageContaining("'soak' cannot be measured")
        .withMessageContaining("hibernation");
  }

  @Test
  void theOwnStackIsAlsoMeasuredFromInside() {
    var here = new Measurements.Request(new StateOption(), true, new BenchOptions());

    assertThat(Measurements.chosen(List.of(), here))
        .extracting(Measurement::name)
        .contains("memory", "changes")
        .doesNotContain("soak", "start");
    assertThat(Measurements.chosen(List.of("memory", "start"), here))
        .extracting(Measurement::name)
        .containsExactly("memory", "start");
  }

  @Test
  void moreMailThanCanBeMeantIsRefused() {
    var options = new BenchOptions();
    new CommandLine(options).parseArgs("--mail", "1001");

    assertThatExceptionOfType(Failure.class)
        .isThrownBy(options::mail)
        .withMessage("--mail must be from 0 to 1000, not 1001");
  }

  @Test
  void theHelpTellsAllOfThemInEightyColumns() {
    assertThat(Measurements.help())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80))
        .anySatisfy(line -> assertThat(line).startsWith("  mail "))
        .anySatisfy(line -> assertThat(line).startsWith("  soak "))
        .anySatisfy(line -> assertThat(line).contains("mail, logins, throughput, web"));
  }
}
