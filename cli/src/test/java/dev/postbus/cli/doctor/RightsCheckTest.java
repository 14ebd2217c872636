package dev.postbus.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.doctor.Finding.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RightsCheckTest {
  @Test
  void anOrdinaryFolderWillDo() {
    Found.only(Level.OK, new RightsCheck(Path.of("/var/lib/postbus-not-there")).look());
  }

  @Test
  void aLongPathIsTooLongForSockets() {
    var found =
        Found.only(Level.PROBLEM, new RightsCheck(Path.of("/var/lib/" + "x".repeat(60))).look());

    assertThat(found.message()).contains("too long for the sockets");
    assertThat(found.next()).contains("--state");
  }

  @Test
  void lettersThatDaemonsMisreadAreAProblem() {
    Found.only(Level.PROBLEM, new RightsCheck(Path.of("/var/lib/my relay")).look());
  }

  @Test
  void aClosedFolderWillDoWhereTheKernelLetsIt() throws Exception {
    // JUnit's own temporary folders are their owner's alone, too.
    var closed = Files.createTempDirectory("closed-");

    Found.only(Level.OK, new RightsCheck(closed.resolve("state")).look());
    Files.delete(closed);
  }
}
