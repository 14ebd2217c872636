package dev.postbus.supervision;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One process as it is now.
 *
 * @param name its name
 * @param state where it is in its life
 * @param since when it came into that state
 * @param restarts how often it was started again after ending unasked
 * @param detail why it is in that state, in words; null where there is nothing to say
 */
public record ProcessStatus(
    String name, ProcessState state, Instant since, int restarts, @Nullable String detail) {
  /** The process id, or null while there is no process. */
  public @Nullable Long pid() {
    return state instanceof ProcessState.Running running ? running.pid() : null;
  }

  /** Whether it serves. */
  public boolean ready() {
    return state instanceof ProcessState.Ready || state instanceof ProcessState.Reloading;
  }
}
