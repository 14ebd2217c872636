package dev.postbus.realclient;

import dev.postbus.testing.Island;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Delta Chat's own core, for the tests; where it cannot be had, they are left out and say so. */
public final class RealCore {
  private RealCore() {}

  /** Starts one. */
  public static Core start() throws IOException, InterruptedException {
    return Core.start(List.of(program()));
  }

  /** Starts one on an island. */
  public static Core startOn(Island island) throws IOException, InterruptedException {
    return Core.start(island.entered(List.of(program())));
  }

  /** The program; where it cannot be had, the test is left out. */
  public static String program() throws IOException, InterruptedException {
    var cache = Path.of("../../target/deltachat").toAbsolutePath().normalize();
    try {
      return CoreProgram.here(cache).file().toString();
    } catch (CoreUnavailable e) {
      return Assumptions.abort("the tests with Delta Chat's core: " + e.getMessage());
    }
  }
}
