package dev.postbus.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.deploy.local.Shape;
import dev.postbus.doctor.Finding.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryCheckTest {
  @TempDir Path root;

  @Test
  void enoughIsRight() throws IOException {
    var found = Found.only(Level.OK, check(2048, 1500, Shape.SEPARATE, false).look());

    assertThat(found.message()).isEqualTo("this machine has 2048 MB, 1500 of them free");
  }

  @Test
  void aMachineThatIsTooSmallIsAProblem() throws IOException {
    assertThat(Found.only(Level.PROBLEM, check(256, 200, Shape.TOGETHER, false).look()).next())
        .contains("machine");
  }

  @Test
  void aSmallMachineIsTooSmallForSeparateProcesses() throws IOException {
    Found.only(Level.OK, check(700, 600, Shape.TOGETHER, false).look());
    assertThat(Found.only(Level.PROBLEM, check(700, 600, Shape.SEPARATE, false).look()).next())
        .contains("--shape together");
  }

  @Test
  void aContainersLimitCounts() throws IOException {
    Files.createDirectories(root.resolve("sys/fs/cgroup"));
    Files.writeString(root.resolve("sys/fs/cgroup/memory.max"), "134217728\n");

    var found = Found.only(Level.PROBLEM, check(4096, 4000, Shape.TOGETHER, false).look());

    assertThat(found.message()).contains("the control group has 128 MB");
    assertThat(found.next()).contains("container's memory limit");
  }

  @Test
  void whatOthersTakeIsAWarning() throws IOException {
    Found.only(Level.WARNING, check(2048, 500, Shape.SEPARATE, false).look());
    Found.only(Level.OK, check(2048, 500, Shape.SEPARATE, true).look());
    assertThat(Found.only(Level.WARNING, check(2048, 100, Shape.SEPARATE, true).look()).message())
        .contains("min_available_memory");
  }

  private MemoryCheck check(int total, int free, Shape shape, boolean running) throws IOException {
    Files.createDirectories(root.resolve("proc"));
    Files.writeString(
        root.resolve("proc/meminfo"),
        "MemTotal:  %d kB\nMemFree: 1 kB\nMemAvailable:  %d kB\n"
            .formatted(total * 1024, free * 1024));
    return new MemoryCheck(root, shape, running);
  }
}
