package dev.postbus.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.cli.doctor.Finding.Level;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorTest {
  private record Broken() implements Check {
    @Override
    public String name() {
      return "broken";
    }

    @Override
    public List<Finding> look() {
      throw new IllegalStateException("no such thing");
    }
  }

  @Test
  void aCheckThatCannotLookKeepsNoOtherFromIt() {
    var java = new JavaCheck(Runtime.version(), Path.of("/jdk"));

    assertThat(new Doctor(List.of(new Broken(), java)).look())
        .extracting(Finding::check, Finding::level)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("broken", Level.WARNING),
            org.assertj.core.groups.Tuple.tuple("java", Level.OK));
  }

  @ParameterizedTest
  @CsvSource({"relay.example, true", "_relay.test, false", "192.0.2.1, false"})
  void onlyAPublicDomainNeedsTheOutside(String domain, boolean needs) {
    assertThat(Doctor.isPublic(domain)).isEqualTo(needs);
  }
}
