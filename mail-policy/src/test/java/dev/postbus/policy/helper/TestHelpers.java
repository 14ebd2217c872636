package dev.postbus.policy.helper;

import java.util.List;

/** Helpers at ports of loopback, where their addresses tell them apart elsewhere. */
public final class TestHelpers {
  private TestHelpers() {}

  /** Those of these processes that run. */
  public static Helpers at(List<HelperProcess> processes) {
    return Helpers.start(() -> processes.stream().map(HelperProcess::address).toList());
  }
}
