package dev.postbus.bench.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a measurement ran on.
 *
 * @param cores that this JVM may use
 * @param memoryMebibytes of the whole machine
 * @param processor model, as the kernel calls it
 * @param kernel release
 * @param inotifyInstances that the kernel gives a user: Dovecot uses one for each client in IDLE,
 *     and tells late when there is none
 * @param java version of the JVM that measured
 */
public record Machine(
    int cores,
    long memoryMebibytes,
    String processor,
    String kernel,
    int inotifyInstances,
    String java) {
  private static final String UNKNOWN = "unknown";

  /** The machine that this runs on. */
  public static Machine here() {
    var memory = line(Path.of("/proc/meminfo"), "MemTotal").replaceAll("\\D", "");
    var inotify = line(Path.of("/proc/sys/fs/inotify/max_user_instances"), "");
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        memory.isEmpty() ? 0 : Long.parseLong(memory) / 1024,
        line(Path.of("/proc/cpuinfo"), "model name"),
        line(Path.of("/proc/sys/kernel/osrelease"), ""),
        inotify.matches("\\d+") ? Integer.parseInt(inotify) : 0,
        Runtime.version().toString());
  }

  /** The first line that begins so, without the label before its colon. */
  private static String line(Path file, String beginning) {
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(beginning))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(UNKNOWN);
    } catch (IOException e) {
      return UNKNOWN;
    }
  }
}
