package dev.postbus.cli.machine;

import dev.postbus.doctor.ControlGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much memory there is for what is started here.
 *
 * @param root of the file system; another one than {@code /} in tests
 */
public record MachineMemory(Path root) {
  /** The machine's memory in bytes, or the limit of the control group where that is less. */
  public static long available() {
    return new MachineMemory(Path.of("/")).whole();
  }

  /** The same of this root. */
  public long whole() {
    return Math.min(line("MemTotal"), new ControlGroup(root).memory());
  }

  /** What could be taken now without anything being pushed out, in bytes. */
  public long free() {
    return line("MemAvailable");
  }

  private long line(String name) {
    var file = root.resolve("proc/meminfo");
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(name + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElse(Long.MAX_VALUE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
