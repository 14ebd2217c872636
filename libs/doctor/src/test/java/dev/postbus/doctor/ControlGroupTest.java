package dev.postbus.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlGroupTest {
  @TempDir Path root;

  @Test
  void withoutAnyThereIsNoLimit() {
    var group = new ControlGroup(root);

    assertThat(group.memory()).isEqualTo(Long.MAX_VALUE);
    assertThat(group.processes()).isEqualTo(Long.MAX_VALUE);
    assertThat(group.processors()).isInfinite();
  }

  @Test
  void theLeastOfAllGroupsAboveCountsInVersionTwo() throws IOException {
    write("proc/self/cgroup", "0::/a/b\n");
    write("sys/fs/cgroup/a/b/memory.max", "max\n");
    write("sys/fs/cgroup/a/memory.max", "1000\n");
    write("sys/fs/cgroup/a/b/pids.max", "70\n");
    write("sys/fs/cgroup/a/pids.max", "max\n");
    write("sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
    write("sys/fs/cgroup/a/cpu.max", "150000 100000\n");
    var group = new ControlGroup(root);

    assertThat(group.memory()).isEqualTo(1000);
    assertThat(group.processes()).isEqualTo(70);
    assertThat(group.processors()).isEqualTo(1.5);
  }

  @Test
  void eachControllerHasItsOwnInVersionOne() throws IOException {
    write("proc/self/cgroup", "5:pids:/p\n4:memory:/m\n3:cpu,cpuacct:/c\n0::/\n");
    write("sys/fs/cgroup/memory/m/memory.limit_in_bytes", "2000\n");
    write("sys/fs/cgroup/pids/p/pids.max", "80\n");
    write("sys/fs/cgroup/cpu/c/cpu.cfs_quota_us", "-1\n");
    write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n");
    write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
    var group = new ControlGroup(root);

    assertThat(group.memory()).isEqualTo(2000);
    assertThat(group.processes()).isEqualTo(80);
    assertThat(group.processors()).isEqualTo(0.5);
  }

  @Test
  void aPathOfTheHostLeavesTheContainersOwnGroup() throws IOException {
    write("proc/self/cgroup", "0::/../../system.slice/docker-1.scope\n");
    write("sys/fs/cgroup/memory.max", "3000\n");

    assertThat(new ControlGroup(root).memory()).isEqualTo(3000);
  }

  private void write(String file, String text) throws IOException {
    Files.createDirectories(root.resolve(file).getParent());
    Files.writeString(root.resolve(file), text);
  }
}
