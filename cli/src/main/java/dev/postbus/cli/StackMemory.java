package dev.postbus.cli;

import dev.postbus.bench.Target;
import dev.postbus.bench.measure.Measurement;
import dev.postbus.bench.measure.Sampler;
import dev.postbus.bench.results.Recorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Proportional set size (proc_pid_smaps(5)) of every process of a stack, by group.
 *
 * @param stack process id of the stack's own process
 */
record StackMemory(long stack) implements Measurement, Sampler {
  private static final Map<String, String> GROUPS =
      Map.of(
          "StackProgram", "stack's own process",
          "BrokerProgram", "broker",
          "policy.Main", "mail-policy",
          "config-service/quarkus", "config-service",
          "cert-service/quarkus", "cert-service",
          "mail-supervisor/quarkus", "mail-supervisor",
          "web-service/quarkus", "web-service",
          "together/quarkus", "services and broker together");

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public void run(Target target, Recorder results) throws IOException {
    for (var reading : read()) {
      results.figure(name() + ": " + reading.name(), reading.unit(), reading.value());
    }
  }

  @Override
  public List<Reading> read() {
    var kilobytes = new TreeMap<String, Long>();
    var all =
        ProcessHandle.of(stack).stream().flatMap(p -> Stream.concat(Stream.of(p), p.descendants()));
    all.forEach(
        process -> {
          try {
            var folder = Path.of("/proc/" + process.pid());
            var size = proportionalSize(folder);
            kilobytes.merge(group(folder), size, Long::sum);
            kilobytes.merge("sum", size, Long::sum);
          } catch (IOException gone) {
            // It ended meanwhile.
            return;
          }
        });
    return kilobytes.entrySet().stream()
        .map(group -> new Reading("memory of " + group.getKey(), "MB", group.getValue() / 1024.0))
        .toList();
  }

  private static long proportionalSize(Path process) throws IOException {
    try (var lines = Files.lines(process.resolve("smaps_rollup"))) {
      return lines
          .filter(line -> line.startsWith("Pss:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    }
  }

  private static String group(Path process) throws IOException {
    var command = Files.readString(process.resolve("cmdline"));
    for (var known : GROUPS.entrySet()) {
      if (command.contains(known.getKey())) {
        return known.getValue();
      }
    }
    var program = Files.readSymbolicLink(process.resolve("exe")).toString();
    return Stream.of("postfix", "dovecot", "nginx")
        .filter(program::contains)
        .findFirst()
        .orElse(program);
  }
}
