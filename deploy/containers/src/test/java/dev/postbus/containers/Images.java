package dev.postbus.containers;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** The images of this build, made once for all tests. */
final class Images {
  private static boolean built;

  private Images() {}

  /** Sees to an engine; where none can be had, the tests are left out. */
  static void engine() throws IOException, InterruptedException {
    var engine =
        Command.run(
            Duration.ofMinutes(3), Map.of(), List.of(Command.HOME + "/deploy/docker/engine"));
    if (engine.code() != 0) {
      Assumptions.abort("no container engine: " + engine.output().lines().findFirst().orElse(""));
    }
  }

  /** Builds them; without an engine, the tests are left out. */
  static synchronized void build() throws IOException, InterruptedException {
    engine();
    if (!built) {
      var made =
          Command.run(
              Duration.ofMinutes(8), Map.of(), List.of(Command.HOME + "/deploy/images/build"));
      System.out.print(made.succeeded().output());
      built = true;
    }
  }
}
