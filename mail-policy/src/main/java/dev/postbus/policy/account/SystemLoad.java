package dev.postbus.policy.account;

import dev.postbus.policy.settings.PolicySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whether the machine has room for another account. */
final class SystemLoad {
  private final Path proc;

  SystemLoad(Path proc) {
    this.proc = proc;
  }

  /** Why no account can be made now; empty if one can. */
  Optional<String> exhausted(PolicySettings settings) {
    var limits = settings.accounts();
    try {
      var load = Double.parseDouble(Files.readString(proc.resolve("loadavg")).split(" ")[0]);
      if (load > limits.maxLoad1m()) {
        return Optional.of("load");
      }
      if (availableMemory() < limits.minAvailableMemory()) {
        return Optional.of("memory");
      }
      var free = Files.getFileStore(settings.mailboxes()).getUsableSpace();
      return free < limits.minFreeDiskSpace() ? Optional.of("disk") : Optional.empty();
    } catch (IOException | NumberFormatException e) {
      return Optional.of("unknown load: " + e.getMessage());
    }
  }

  private long availableMemory() throws IOException {
    for (var line : Files.readAllLines(proc.resolve("meminfo"))) {
      if (line.startsWith("MemAvailable:")) {
        return Long.parseLong(line.replaceAll("\\D+", "")) * 1024;
      }
    }
    throw new IOException("no MemAvailable");
  }
}
