package dev.postbus.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be taken, with every problem. */
final class InvalidConfiguration extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  InvalidConfiguration(List<Problem> problems) {
    super(problems.stream().map(Problem::message).collect(Collectors.joining("; ")));
    this.problems = List.copyOf(problems);
  }

  List<Problem> problems() {
    return problems;
  }
}
