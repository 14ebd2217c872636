package dev.postbus.policy.metrics;

import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * This process, by the names that every Prometheus client uses for them.
 *
 * @param proc the process's folder in procfs
 */
public record ProcessMetrics(Path proc) implements MetricSource {
  private static final Logger log = Logger.getLogger(ProcessMetrics.class.getName());

  /** The process that asks. */
  public ProcessMetrics() {
    this(Path.of("/proc/self"));
  }

  @Override
  public void tell(Consumer<MetricSnapshot> page) {
    var info = ProcessHandle.current().info();
    info.startInstant()
        .ifPresent(
            start ->
                page.accept(
                    Family.gauge(
                        "process_start_time_seconds",
                        "When mail-policy was started",
                        start.toEpochMilli() / 1000.0)));
    info.totalCpuDuration()
        .ifPresent(
            time ->
                page.accept(
                    Family.counter(
                        "process_cpu_seconds",
                        "Processor time of mail-policy",
                        time.toMillis() / 1000.0)));
    try {
      for (var line : Files.readAllLines(proc.resolve("status"), StandardCharsets.ISO_8859_1)) {
        if (line.startsWith("VmRSS:")) {
          page.accept(
              Family.gauge(
                  "process_resident_memory_bytes",
                  "Resident memory of mail-policy",
                  number(line) * 1024));
        } else if (line.startsWith("Threads:")) {
          page.accept(
              Family.gauge("process_threads", "Platform threads of mail-policy", number(line)));
        }
      }
      try (var open = Files.list(proc.resolve("fd"))) {
        page.accept(
            Family.gauge("process_open_fds", "Open descriptors of mail-policy", open.count()));
      }
    } catch (IOException | NumberFormatException e) {
      log.log(Level.FINE, "procfs cannot be read", e);
    }
  }

  private static long number(String line) {
    return Long.parseLong(line.replaceAll("\\D+", ""));
  }
}
