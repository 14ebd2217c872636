package dev.postbus.supervision;

import java.util.List;

/** How a running process takes up a changed configuration. */
public sealed interface Reload {
  /**
   * A signal to the process itself, not to its group.
   *
   * @param signal name without {@code SIG}, e.g. {@code HUP}
   */
  record Signal(String signal) implements Reload {}

  /** A command, which must exit with 0; its output is the reason when it does not. */
  record Command(List<String> command) implements Reload {
    /** Copies the list. */
    public Command {
      command = List.copyOf(command);
    }
  }

  /** It cannot: it is stopped and started. */
  record Restart() implements Reload {}
}
