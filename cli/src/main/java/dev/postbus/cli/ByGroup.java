package dev.postbus.cli;

import dev.postbus.bench.measure.Sampler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/**
 * A quantity of every process of the stack, summed by group.
 *
 * @param quantity its name
 * @param unit of the values
 * @param gauge tells it of one process
 */
record ByGroup(StackProcesses processes, String quantity, String unit, Gauge gauge)
    implements Sampler {

  /** Reads a process's folder under /proc. */
  @FunctionalInterface
  interface Gauge {
    double of(Path process) throws IOException;
  }

  /** Proportional set size (proc_pid_smaps(5)). */
  static ByGroup memory(StackProcesses processes) {
    return new ByGroup(
        processes, "memory", "MB", folder -> numberIn(folder, "smaps_rollup", "Pss:") / 1024);
  }

  /** Open file descriptors. */
  static ByGroup descriptors(StackProcesses processes) {
    return new ByGroup(processes, "descriptors", "descriptors", ByGroup::entriesOfFd);
  }

  /** Threads of the kernel. */
  static ByGroup threads(StackProcesses processes) {
    return new ByGroup(
        processes, "threads", "threads", folder -> numberIn(folder, "status", "Threads:"));
  }

  @Override
  public List<Reading> read() {
    var groups = new TreeMap<String, Double>();
    for (var member : processes.all()) {
      try {
        var value = gauge.of(member.folder());
        groups.merge(member.group(), value, Double::sum);
        groups.merge(Reading.SUM, value, Double::sum);
      } catch (IOException gone) {
        // It ended meanwhile.
      }
    }
    return groups.entrySet().stream()
        .map(group -> new Reading(quantity, group.getKey(), unit, group.getValue()))
        .toList();
  }

  private static double numberIn(Path process, String file, String label) throws IOException {
    for (var line : Files.readAllLines(process.resolve(file))) {
      if (line.startsWith(label)) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return 0;
  }

  private static double entriesOfFd(Path process) throws IOException {
    try (var entries = Files.list(process.resolve("fd"))) {
      return entries.count();
    }
  }
}
