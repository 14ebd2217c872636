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
  Optional<Refusal> exhausted(PolicySettings settings) {
    var limits = settings.accounts();
    try {
      var load = Double.parseDouble(Files.readString(proc.resolve("loadavg")).split(" ")[0]);
      if (load > limits.maxLoad1m()) {
        return shortOf(Refusal.Reason.LOAD, "load");
      }
      if (availableMemory() < limits.minAvailableMemory()) {
        return shortOf(Refusal.Reason.MEMORY, "memory");
      }
      var free = Files.getFileStore(settings.mailboxes()).getUsableSpace();
      return free < limits.minFreeDiskSpace()
          ? shortOf(Refusal.Reason.DISK, "disk")
          : Optional.empty();
    } catch (IOException | NumberFormatException e) {
      return shortOf(Refusal.Reason.UNKNOWN_LOAD, "unknown load: " + e.getMessage());
    }
  }

  private static Optional<Refusal> shortOf(Refusal.Reason reason, String what) {
    return Optional.of(new Refusal(reason, "the machine is short of " + what));
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
