package dev.postbus.cli;

import dev.postbus.deploy.local.StackSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "logs",
    description =
        "Shows the end of a service's log, daemons included; all services if none is named.")
final class LogsCommand implements Callable<Integer> {
  @Mixin private StateOption state = new StateOption();

  @Parameters(arity = "0..1", paramLabel = "SERVICE", description = "E.g. mail-supervisor.")
  private @Nullable String service;

  @Option(names = "-n", paramLabel = "LINES", description = "How many lines (default: 40).")
  private int lines = 40;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with what is written.")
  private boolean follow;

  @Override
  public Integer call() throws IOException {
    Containers.refuse("docker compose logs shows theirs");
    var folder = state.folder().resolve("log");
    var files = files(folder);
    for (var file : files) {
      if (files.size() > 1) {
        System.out.println("== " + file.getFileName());
      }
      var all = Files.readAllLines(file);
      all.subList(Math.max(0, all.size() - lines), all.size()).forEach(System.out::println);
    }
    if (follow) {
      follow(files);
    }
    return 0;
  }

  private List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new Failure("there are no logs in " + folder);
    }
    try (var found = Files.list(folder)) {
      var all = found.filter(f -> f.toString().endsWith(".log")).sorted().toList();
      if (service == null) {
        return all;
      }
      var name = process(service) + ".log";
      var one = all.stream().filter(f -> f.getFileName().toString().equals(name)).toList();
      if (one.isEmpty()) {
        var names = all.stream().map(f -> f.getFileName().toString().replace(".log", "")).toList();
        throw new Failure("there is no log of '" + service + "'; there are " + names);
      }
      return one;
    }
  }

  /** The process that a service runs in has the log. */
  private String process(String name) {
    return StackSettings.remembered(state.folder())
        .map(settings -> settings.shape().processOf(name))
        .orElse(name);
  }

  private static void follow(List<Path> files) throws IOException {
    var positions = new long[files.size()];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = Files.size(files.get(i));
    }
    while (true) {
      for (int i = 0; i < positions.length; i++) {
        positions[i] = printFrom(files.get(i), positions[i]);
      }
      StackControl.pause(Duration.ofMillis(200));
    }
  }

  private static long printFrom(Path file, long position) throws IOException {
    var size = Files.size(file);
    if (size == position) {
      return position;
    }
    try (var in = Files.newInputStream(file)) {
      // A smaller file is a new one.
      in.skipNBytes(size < position ? 0 : position);
      in.transferTo(System.out);
      System.out.flush();
    }
    return size;
  }
}
