package dev.postbus.cli;

import dev.postbus.realclient.Core;
import dev.postbus.realclient.CoreProgram;
import dev.postbus.realclient.CoreUnavailable;
import dev.postbus.testing.Island;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Delta Chat's own core, for the tests; where it cannot be had, they are left out and say so. */
final class RealCore {
  private RealCore() {}

  static Core start() throws IOException, InterruptedException {
    return Core.start(List.of(program()));
  }

  static Core startOn(Island island) throws IOException, InterruptedException {
    return Core.start(island.entered(List.of(program())));
  }

  /** The program; where it cannot be had, the test is left out. */
  static String program() throws IOException, InterruptedException {
    var cache = LocalStackTest.checkout().resolve("target/deltachat");
    try {
      return CoreProgram.here(cache).file().toString();
    } catch (CoreUnavailable e) {
      return Assumptions.abort("the tests with Delta Chat's core: " + e.getMessage());
    }
  }
}
