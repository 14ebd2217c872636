package dev.postbus.supervision;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;

/** Remembers the restarts of one process and says how long to wait for the next, or to give up. */
final class RestartHistory {
  private final ArrayDeque<Instant> restarts = new ArrayDeque<>();
  private int failuresInARow;

  /**
   * The process ended unasked.
   *
   * @param ranFor how long it had been ready; zero if it never was
   * @return the back-off, or empty when it has been restarted too often
   */
  Optional<Duration> failed(RestartPolicy policy, Instant now, Duration ranFor) {
    if (ranFor.compareTo(policy.goodRun()) >= 0) {
      failuresInARow = 0;
    }
    failuresInARow++;
    while (!restarts.isEmpty() && restarts.getFirst().isBefore(now.minus(policy.window()))) {
      restarts.removeFirst();
    }
    if (restarts.size() >= policy.mostRestarts()) {
      return Optional.empty();
    }
    restarts.addLast(now);
    return Optional.of(policy.delay(failuresInARow));
  }

  /** Somebody started it on purpose: what was before does not count any more. */
  void forget() {
    restarts.clear();
    failuresInARow = 0;
  }
}
