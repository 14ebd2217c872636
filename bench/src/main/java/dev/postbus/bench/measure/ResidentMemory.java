package dev.postbus.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Resident set size of one process (proc_pid_status(5)), now and the most that it ever was.
 *
 * @param pid process id
 */
public record ResidentMemory(long pid) implements Sampler {

  @Override
  public List<Reading> read() throws IOException {
    var status = Files.readAllLines(Path.of("/proc/" + pid + "/status"));
    return List.of(
        new Reading("resident memory", "", "MB", megabytes(status, "VmRSS:")),
        new Reading("most resident memory", "", "MB", megabytes(status, "VmHWM:")));
  }

  static double megabytes(List<String> status, String field) throws IOException {
    for (var line : status) {
      if (line.startsWith(field)) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    throw new IOException("the process has ended: no " + field);
  }
}
