package dev.postbus.supervision;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How a running process takes up a changed configuration. */
public sealed interface Reload {
  /**
   * A signal to the process itself, not to its group.
   *
   * @param signal name without {@code SIG}, e.g. {@code HUP}
   * @param renews a file that the process makes anew when it has taken up its configuration: until
   *     then, it serves as before
   */
  record Signal(String signal, Optional<Path> renews) implements Reload {
    /** When it is done cannot be seen but by how the process serves. */
    public Signal(String signal) {
      this(signal, Optional.empty());
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
}
