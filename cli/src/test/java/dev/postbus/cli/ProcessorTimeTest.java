package dev.postbus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessorTimeTest {
  @Test
  void ownTimeAndThatOfEndedChildrenCount() {
    // Given a process with 250 ticks as user, 50 in the kernel, and 700 of its children
    var stat =
        "42 (imap) S 1 42 42 0 -1 4194560 100 200 0 0 250 50 600 100 20 0 1 0 5000 1000000 300";

    assertThat(ProcessorTime.seconds(stat)).isEqualTo(10);
  }

  @Test
  void aNameWithSpacesAndBracketsIsNoField() {
    var stat = "42 (a) b (c) S 1 42 42 0 -1 0 0 0 0 0 100 0 0 0 20 0 1 0 5000 1000000 300";

    assertThat(ProcessorTime.seconds(stat)).isEqualTo(1);
  }
}
