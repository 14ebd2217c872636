package dev.postbus.cert.acme;

import java.time.Duration;
import java.util.List;

/** How long to wait after so many failures in a row. */
final class Backoff {
  private static final List<Duration> FIRST =
      List.of(
          Duration.ofMinutes(1),
          Duration.ofMinutes(2),
          Duration.ofMinutes(5),
          Duration.ofMinutes(10));
  private static final Duration LONGEST = Duration.ofHours(6);

  private Backoff() {}

  /**
   * 1, 2, 5 and 10 minutes, then double each time, up to 6 hours.
   *
   * @param failures at least 1
   */
  static Duration after(int failures) {
    if (failures <= FIRST.size()) {
      return FIRST.get(failures - 1);
    }
    var doublings = Math.min(failures - FIRST.size(), 10);
    var wait = FIRST.getLast().multipliedBy(1L << doublings);
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }
}
