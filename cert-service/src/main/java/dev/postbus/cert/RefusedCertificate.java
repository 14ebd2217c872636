package dev.postbus.cert;

import java.util.List;

/** A certificate that will not be used, with every reason. */
final class RefusedCertificate extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  RefusedCertificate(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  List<String> problems() {
    return problems;
  }
}
