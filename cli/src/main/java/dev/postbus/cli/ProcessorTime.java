package dev.postbus.cli;

import dev.postbus.bench.measure.Sampler;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/**
 * Processor time of all processes of the stack since the last reading, as a share of one core. The
 * time of children that have ended is their parents' (proc_pid_stat(5): cutime, cstime), so that
 * short-lived processes count too.
 */
final class ProcessorTime implements Sampler {
  /** The kernel's unit for user space (USER_HZ). */
  private static final double TICKS_A_SECOND = 100;

  /** Fields 14 to 17 of the line; field 3 is the first one behind the name. */
  private static final int FIRST_FIELD = 11;

  private static final int FIELDS = 4;

  private final StackProcesses processes;
  private double before = Double.NaN;
  private long at;

  ProcessorTime(StackProcesses processes) {
    this.processes = processes;
  }

  @Override
  public List<Reading> read() {
    double seconds = 0;
    for (var member : processes.all()) {
      try {
        seconds += seconds(Files.readString(member.folder().resolve("stat")));
      } catch (IOException gone) {
        // It ended meanwhile.
      }
    }
    var now = System.nanoTime();
    // Less than before: somebody was killed whose children had no parent any more to count them.
    var used = Math.max(0, seconds - before);
    var share = 100 * used / ((now - at) / 1e9);
    var isFirst = Double.isNaN(before);
    before = seconds;
    at = now;
    return isFirst ? List.of() : List.of(new Reading("processor time", "", "% of a core", share));
  }

  /** From a process's line; its command's name, in brackets, may hold spaces and brackets. */
  static double seconds(String stat) {
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    long ticks = 0;
    for (int i = FIRST_FIELD; i < FIRST_FIELD + FIELDS; i++) {
      ticks += Long.parseLong(fields[i]);
    }
    return ticks / TICKS_A_SECOND;
  }
}
