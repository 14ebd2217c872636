package dev.postbus.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.doctor.Finding;
import java.util.List;

/** What tests say of findings. */
final class Found {
  private Found() {}

  /** The only finding, which must be of a level. */
  static Finding only(Finding.Level level, List<Finding> findings) {
    assertThat(findings).hasSize(1);
    var finding = findings.getFirst();
    assertThat(finding.level()).as(finding.message()).isEqualTo(level);
    return finding;
  }
}
