package dev.postbus.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a container or a service manager lets the relay have beside memory: processes, processors,
 * and open files.
 *
 * @param root of the file system
 */
public record LimitsCheck(Path root) implements Check {
  // A relay at rest has some 300 threads and processes, with many clients it has some hundreds
  // more.
  private static final long LEAST_PROCESSES = 400;
  private static final long ENOUGH_PROCESSES = 2_000;
  private static final double ENOUGH_PROCESSORS = 0.5;
  // nginx asks for as many; Dovecot's login processes for what max_imap_connections says.
  private static final long ENOUGH_FILES = 8_192;

  @Override
  public String name() {
    return "limits";
  }

  @Override
  public List<Finding> look() {
    var found = new ArrayList<Finding>();
    var group = new ControlGroup(root);
    var processes = group.processes();
    var next = "raise the container's pids limit to %d or more".formatted(ENOUGH_PROCESSES);
    if (processes < LEAST_PROCESSES) {
      found.add(
          problem(
              "%d processes and threads are allowed: the relay cannot start".formatted(processes),
              next));
    } else if (processes < ENOUGH_PROCESSES) {
      found.add(
          warning(
              "%d processes and threads are allowed: too few with many clients"
                  .formatted(processes),
              next));
    }
    var processors = group.processors();
    if (processors < ENOUGH_PROCESSORS) {
      found.add(
          warning(
              words(processors) + " processors are allowed: starts and first logins will be slow",
              "raise the container's cpu limit to 1 or more"));
    }
    var files = openFiles();
    if (files < ENOUGH_FILES) {
      found.add(
          warning(
              "%d open files are allowed to a process: too few with many clients".formatted(files),
              "raise it to 65536: LimitNOFILE of a unit, ulimits of a container"));
    }
    if (found.isEmpty()) {
      found.add(
          ok(
              "processes: %s, processors: %s, open files: %s"
                  .formatted(words(processes), words(processors), words(files))));
    }
    return found;
  }

  private static String words(long limit) {
    return limit == Long.MAX_VALUE ? "no limit" : Long.toString(limit);
  }

  private static String words(double limit) {
    return Double.isInfinite(limit) ? "no limit" : String.format(Locale.ROOT, "%.2f", limit);
  }

  /** The hard limit, up to which daemons raise it themselves; see proc(5). */
  private long openFiles() {
    try (var lines = Files.lines(root.resolve("proc/self/limits"))) {
      return lines
          .filter(line -> line.startsWith("Max open files"))
          .map(line -> line.substring("Max open files".length()).strip().split("\\s+"))
          .filter(words -> words.length > 1 && words[1].matches("\\d{1,18}"))
          .mapToLong(words -> Long.parseLong(words[1]))
          .findFirst()
          .orElse(Long.MAX_VALUE);
    } catch (IOException unknown) {
      return Long.MAX_VALUE;
    }
  }
}
