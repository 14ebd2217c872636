package dev.postbus.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.doctor.Finding.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitsCheckTest {
  @TempDir Path root;
  private Path group;

  @BeforeEach
  void unlimited() throws IOException {
    group = Files.createDirectories(root.resolve("sys/fs/cgroup"));
    Files.writeString(group.resolve("pids.max"), "max\n");
    Files.writeString(group.resolve("cpu.max"), "max 100000\n");
    Files.createDirectories(root.resolve("proc/self"));
    files("1048576");
  }

  @Test
  void noLimitsAreRight() {
    assertThat(Found.only(Level.OK, new LimitsCheck(root).look()).message())
        .isEqualTo("processes: no limit, processors: no limit, open files: 1048576");
  }

  @Test
  void tooFewProcessesAreAProblem() throws IOException {
    Files.writeString(group.resolve("pids.max"), "100\n");

    assertThat(Found.only(Level.PROBLEM, new LimitsCheck(root).look()).next())
        .contains("pids limit");
  }

  @Test
  void fewProcessesAreAWarning() throws IOException {
    Files.writeString(group.resolve("pids.max"), "1000\n");

    Found.only(Level.WARNING, new LimitsCheck(root).look());
  }

  @Test
  void aPartOfAProcessorIsSlow() throws IOException {
    Files.writeString(group.resolve("cpu.max"), "25000 100000\n");

    assertThat(Found.only(Level.WARNING, new LimitsCheck(root).look()).message())
        .contains("0.25 processors");
  }

  @Test
  void fewOpenFilesAreAWarning() throws IOException {
    files("1024");

    assertThat(Found.only(Level.WARNING, new LimitsCheck(root).look()).next())
        .contains("LimitNOFILE");
  }

  @Test
  void allOfItIsSaidAtOnce() throws IOException {
    Files.writeString(group.resolve("pids.max"), "100\n");
    Files.writeString(group.resolve("cpu.max"), "25000 100000\n");
    files("1024");

    assertThat(new LimitsCheck(root).look())
        .extracting(Finding::level)
        .containsExactly(Level.PROBLEM, Level.WARNING, Level.WARNING);
  }

  private void files(String hard) throws IOException {
    Files.writeString(
        root.resolve("proc/self/limits"),
        "Limit                     Soft Limit           Hard Limit           Units\n"
            + "Max open files            1024                 "
            + hard
            + "                 files\n");
  }
}
