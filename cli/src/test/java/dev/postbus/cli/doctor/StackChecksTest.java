package dev.postbus.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StackChecksTest {
  @ParameterizedTest
  @CsvSource({"relay.example, true", "_relay.test, false", "192.0.2.1, false"})
  void onlyAPublicDomainNeedsTheOutside(String domain, boolean needs) {
    assertThat(StackChecks.isPublic(domain)).isEqualTo(needs);
  }
}
