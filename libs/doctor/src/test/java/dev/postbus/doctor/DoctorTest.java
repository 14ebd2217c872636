package dev.postbus.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.postbus.doctor.Finding.Level;
import java.util.List;
import org.junit.jupiter.api.Test;

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

  private record Whole() implements Check {
    @Override
    public String name() {
      return "whole";
    }

    @Override
    public List<Finding> look() {
      return List.of(ok("it is"));
    }
  }

  @Test
  void aCheckThatCannotLookKeepsNoOtherFromIt() {
    assertThat(new Doctor(List.of(new Broken(), new Whole())).look())
        .extracting(Finding::check, Finding::level)
        .containsExactly(tuple("broken", Level.WARNING), tuple("whole", Level.OK));
  }
}
