package dev.postbus.config;

import java.util.List;

/** There is no configuration yet. */
final class NotStarted extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  NotStarted(List<String> problems) {
    super("there is no configuration yet: " + String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  List<String> problems() {
    return problems;
  }
}
