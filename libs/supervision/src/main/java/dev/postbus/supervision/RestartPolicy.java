package dev.postbus.supervision;

import java.time.Duration;

/**
 * When a process that ended unasked is started again.
 *
 * @param firstDelay back-off before the first restart
 * @param longestDelay the delay doubles up to this
 * @param goodRun after running this long the delay begins anew
 * @param mostRestarts more restarts than this within {@code window} and the process is given up
 * @param window the time over which restarts are counted
 */
public record RestartPolicy(
    Duration firstDelay,
    Duration longestDelay,
    Duration goodRun,
    int mostRestarts,
    Duration window) {
  /** 0.5 s doubling to 30 s, anew after 30 s; more than 5 restarts in 60 s are too many. */
  public static RestartPolicy standard() {
    return new RestartPolicy(
        Duration.ofMillis(500),
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        5,
        Duration.ofSeconds(60));
  }

  /**
   * The same back-off without ever giving up, for what must be tried for as long as it takes.
   *
   * @return the standard policy without a bound on restarts
   */
  public RestartPolicy neverGivingUp() {
    return new RestartPolicy(firstDelay, longestDelay, goodRun, Integer.MAX_VALUE, window);
  }

  /** The delay after {@code failures} failures in a row, counted from 1. */
  Duration delay(int failures) {
    var delay = firstDelay;
    for (int i = 1; i < failures && delay.compareTo(longestDelay) < 0; i++) {
      delay = delay.multipliedBy(2);
    }
    return delay.compareTo(longestDelay) < 0 ? delay : longestDelay;
  }
}
