package dev.postbus.supervision;

import java.nio.file.Path;
import java.util.List;

/** How a running process takes up a changed configuration. */
public sealed interface Reload {
  /**
   * A signal to the process itself, not to its group.
   *
   * @param signal name without {@code SIG}, e.g. {@code HUP}
   * @param seen by what it is seen that the process has taken up its configuration: until then, it
   *     serves as before
   */
  record Signal(String signal, Sign seen) implements Reload {
    /** When it is done cannot be seen but by how the process serves. */
    public Signal(String signal) {
      this(signal, new Sign.None());
    }
  }

  /** A command, which must exit with 0; its output is the reason when it does not. */
  record Command(List<String> command) implements Reload {
    /** Copies the list. */
    public Command {
      command = List.copyOf(command);
    }
  }

  /** It cannot: it is stopped and started. */
  record Restart() implements Reload {}

  /** By what it is seen that a signalled process has taken up its configuration. */
  sealed interface Sign {
    /** Nothing shows it. */
    record None() implements Sign {}

    /** It makes a file anew, such as its socket. */
    record NewFile(Path file) implements Sign {}

    /**
     * It has new processes in place of those that it had started before. One that takes nothing any
     * more, and only ends what it has begun, says so in its command line.
     *
     * @param leaving the words by which such a process is known
     */
    record NewChildren(String leaving) implements Sign {}
  }
}
