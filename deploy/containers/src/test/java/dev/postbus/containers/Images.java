package dev.postbus.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** The images of this build, made once for all tests. */
final class Images {
  /** What stands in the way of an engine, for who sums up the tests. */
  private static final Path LEFT_OUT = Path.of("target/left-out.txt");

  private static boolean built;

  private Images() {}

  /** Builds them; without an engine, the tests are left out. */
  static synchronized void build() throws IOException, InterruptedException {
    Files.createDirectories(LEFT_OUT.getParent());
    Files.deleteIfExists(LEFT_OUT);
    var engine =
        Command.run(
            Duration.ofMinutes(3), Map.of(), List.of(Command.HOME + "/deploy/docker/engine"));
    if (engine.code() != 0) {
      Files.writeString(LEFT_OUT, engine.output());
      Assumptions.abort("no container engine: " + engine.output());
    }
    if (!built) {
      var made =
          Command.run(
              Duration.ofMinutes(8), Map.of(), List.of(Command.HOME + "/deploy/images/build"));
      System.out.print(made.succeeded().output());
      built = true;
    }
  }
}
