package dev.postbus.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What this process's control group, and those above it, may use: version 1 or 2 of control groups,
 * as cgroups(7) and the kernel's cgroup-v2 describe them.
 *
 * @param root of the file system; another one than {@code /} in tests
 */
public record ControlGroup(Path root) {
  /** The hierarchy of version 2, which has no name. */
  private static final String UNIFIED = "";

  /** Memory in bytes; the largest number where there is no limit. */
  public long memory() {
    return Math.min(least("memory", "memory.limit_in_bytes"), least(UNIFIED, "memory.max"));
  }

  /** Processes and threads; the largest number where there is no limit. */
  public long processes() {
    return Math.min(least("pids", "pids.max"), least(UNIFIED, "pids.max"));
  }

  /** Processors, which may be a part of one; infinity where there is no limit. */
  public double processors() {
    var least = Double.POSITIVE_INFINITY;
    for (var folder : folders(UNIFIED)) {
      var words = text(folder.resolve("cpu.max")).orElse("max").split(" ");
      if (words.length == 2) {
        least = Math.min(least, share(words[0], words[1]));
      }
    }
    for (var folder : folders("cpu")) {
      var quota = text(folder.resolve("cpu.cfs_quota_us")).orElse("max");
      var period = text(folder.resolve("cpu.cfs_period_us")).orElse("1");
      least = Math.min(least, share(quota, period));
    }
    return least;
  }

  private static double share(String quota, String period) {
    var most = number(quota);
    return most == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : most / (double) number(period);
  }

  private long least(String controller, String file) {
    return folders(controller).stream()
        .mapToLong(folder -> number(text(folder.resolve(file)).orElse("max")))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** The folders of this process's group and of those above it. */
  private List<Path> folders(String controller) {
    var top = root.resolve("sys/fs/cgroup").resolve(controller);
    var own = top.resolve(group(controller)).normalize();
    if (!own.startsWith(top)) {
      // In a container, the path may be the host's, and only the top be there.
      return List.of(top);
    }
    var found = new ArrayList<Path>();
    for (var folder = own; folder != null && folder.startsWith(top); folder = folder.getParent()) {
      found.add(folder);
    }
    return found;
  }

  private String group(String controller) {
    for (var line : text(root.resolve("proc/self/cgroup")).orElse("").lines().toList()) {
      var parts = line.split(":", 3);
      if (parts.length == 3 && List.of(parts[1].split(",")).contains(controller)) {
        return parts[2].replaceFirst("^/+", "");
      }
    }
    return "";
  }

  /** A limit; "max", and -1 in version 1, are none. */
  private static long number(String text) {
    try {
      var value = Long.parseLong(text);
      return value < 0 ? Long.MAX_VALUE : value;
    } catch (NumberFormatException none) {
      return Long.MAX_VALUE;
    }
  }

  private static Optional<String> text(Path file) {
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (IOException notThere) {
      return Optional.empty();
    }
  }
}
