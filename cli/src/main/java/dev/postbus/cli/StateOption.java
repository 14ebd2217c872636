package dev.postbus.cli;

import dev.postbus.deploy.local.StackPorts;
import dev.postbus.deploy.local.StackState;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which stack a command is about. */
final class StateOption {
  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "State folder of the stack (default: .postbus beside the command).")
  private @Nullable Path state;

  Path folder() {
    var chosen = state;
    if (chosen == null) {
      var variable = System.getenv("POSTBUS_STATE");
      chosen = variable != null ? Path.of(variable) : home().resolve(".postbus");
    }
    return chosen.toAbsolutePath().normalize();
  }

  static Path home() {
    return Path.of(System.getProperty("postbus.home", ".")).toAbsolutePath().normalize();
  }

  Optional<StackState> running() {
    return Containers.here().stack().or(() -> StackState.running(folder()));
  }

  /** The running stack's ports, or an error with the next step. */
  StackPorts ports() {
    var stack =
        running()
            .orElseThrow(
                () ->
                    new Failure("no stack runs on " + folder() + "; start one with: ./postbus up"));
    return stack.settings().ports();
  }
}
