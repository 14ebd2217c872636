package dev.postbus.metrics;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This process, by the names that every Prometheus client uses for them. */
@ApplicationScoped
class ProcessMetrics implements MetricSource {
  private static final Logger log = LoggerFactory.getLogger(ProcessMetrics.class);
  private static final Path PROC = Path.of("/proc/self");

  @Override
  public void tell(MetricPage page) {
    var info = ProcessHandle.current().info();
    info.startInstant()
        .ifPresent(
            start ->
                page.gauge(
                    "process_start_time_seconds",
                    "When the process was started",
                    start.toEpochMilli() / 1000.0));
    info.totalCpuDuration()
        .ifPresent(
            time ->
                page.counter(
                    "process_cpu_seconds",
                    "Processor time of the process",
                    time.toMillis() / 1000.0));
    try {
      for (var line : Files.readAllLines(PROC.resolve("status"), StandardCharsets.ISO_8859_1)) {
        if (line.startsWith("VmRSS:")) {
          page.gauge(
              "process_resident_memory_bytes",
              "Resident memory of the process",
              number(line) * 1024.0);
        } else if (line.startsWith("Threads:")) {
          page.gauge("process_threads", "Platform threads of the process", (double) number(line));
        }
      }
      try (var open = Files.list(PROC.resolve("fd"))) {
        page.gauge("process_open_fds", "Open descriptors of the process", (double) open.count());
      }
    } catch (IOException | NumberFormatException e) {
      log.debug("procfs cannot be read", e);
    }
  }

  private static long number(String line) {
    return Long.parseLong(line.replaceAll("\\D+", ""));
  }
}
