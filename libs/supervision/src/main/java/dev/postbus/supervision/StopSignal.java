package dev.postbus.supervision;

import java.time.Duration;

/**
 * How a process is asked to end.
 *
 * @param signal name without {@code SIG}, e.g. {@code TERM}; goes to the whole process group
 * @param patience how long it may take before the group gets {@code KILL}
 */
public record StopSignal(String signal, Duration patience) {
  /** Validates the name. */
  public StopSignal {
    if (!signal.matches("[A-Z0-9+]{2,10}")) {
      throw new IllegalArgumentException("not a signal's name: " + signal + " (write TERM, QUIT)");
    }
    if (patience.isNegative()) {
      throw new IllegalArgumentException("patience must not be negative: " + patience);
    }
  }

  /** {@code TERM} with five seconds. */
  public static StopSignal term() {
    return new StopSignal("TERM", Duration.ofSeconds(5));
  }
}
