package dev.postbus.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** How much memory there is for what is started here. */
final class MachineMemory {
  private MachineMemory() {}

  /** The machine's memory in bytes, or the limit of the control group where that is less. */
  static long available() {
    return Math.min(installed(), Math.min(groupLimit("2"), groupLimit("1")));
  }

  private static long installed() {
    try (var lines = Files.lines(Path.of("/proc/meminfo"))) {
      return lines
          .filter(line -> line.startsWith("MemTotal:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElse(Long.MAX_VALUE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read /proc/meminfo", e);
    }
  }

  /** The limit of this process's group, in version 1 or 2 of control groups, and of those above. */
  private static long groupLimit(String version) {
    try (var lines = Files.lines(Path.of("/proc/self/cgroup"))) {
      var mark = version.equals("2") ? "0::" : ":memory:";
      var root = Path.of(version.equals("2") ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory");
      var file = version.equals("2") ? "memory.max" : "memory.limit_in_bytes";
      var group = lines.filter(line -> line.contains(mark)).findFirst();
      if (group.isEmpty()) {
        return Long.MAX_VALUE;
      }
      var path = group.get().substring(group.get().indexOf(mark) + mark.length());
      return Stream.iterate(
              root.resolve(path.substring(1)),
              folder -> folder != null && folder.startsWith(root),
              Path::getParent)
          .mapToLong(folder -> limit(folder.resolve(file)))
          .min()
          .orElse(Long.MAX_VALUE);
    } catch (IOException unknown) {
      return Long.MAX_VALUE;
    }
  }

  private static long limit(Path file) {
    try {
      var text = Files.readString(file).strip();
      return text.equals("max") ? Long.MAX_VALUE : Long.parseLong(text);
    } catch (IOException | NumberFormatException unlimited) {
      return Long.MAX_VALUE;
    }
  }
}
