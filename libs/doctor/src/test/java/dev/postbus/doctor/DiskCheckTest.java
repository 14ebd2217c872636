package dev.postbus.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.doctor.Finding.Level;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskCheckTest {
  @TempDir Path folder;

  @Test
  void theDiskOfAFolderThatIsNotThereYetIsLookedAt() {
    var state = folder.resolve("not/yet");

    assertThat(Found.only(Level.OK, new DiskCheck(state, 1, 2).look()).message())
        .matches("\\d+ MB are free at " + folder);
  }

  @Test
  void tooLittleIsAProblemAndLittleAWarning() {
    assertThat(
            Found.only(Level.PROBLEM, new DiskCheck(folder, Long.MAX_VALUE, Long.MAX_VALUE).look())
                .next())
        .contains("--state");
    assertThat(Found.only(Level.WARNING, new DiskCheck(folder, 1, Long.MAX_VALUE).look()).message())
        .contains("min_free_disk_space");
  }

  @Test
  void whatCannotBeWrittenToIsAProblem() {
    // The kernel's own view of itself has no space at all.
    Found.only(Level.PROBLEM, new DiskCheck(Path.of("/proc"), 1, 2).look());
  }
}
