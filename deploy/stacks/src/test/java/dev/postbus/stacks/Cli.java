package dev.postbus.stacks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postbus.cli.Postbus;
import dev.postbus.testing.Island;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs the command as an operator does, in a process of its own. */
record Cli(Path home, Path state, Map<String, String> environment, List<String> launcher) {
  Cli(Path home, Path state) {
    this(home, state, Map.of());
  }

  Cli(Path home, Path state, Map<String, String> environment) {
    this(home, state, environment, LAUNCHER);
  }

  /** The same with variables in its environment. */
  Cli with(Map<String, String> variables) {
    return new Cli(home, state, variables, launcher);
  }

  /** The same, running on an island. */
  Cli on(Island island) {
    return new Cli(home, state, environment, island.entered(launcher));
  }

  static final ObjectMapper JSON = new ObjectMapper();

  record Result(int exitCode, String output) {}

  /** What stands before the command, e.g. {@code deploy/limited 640M 1}; no more for most runs. */
  private static final List<String> LAUNCHER =
      Stream.of(System.getProperty("postbus.test.launcher", "").split(" "))
          .filter(word -> !word.isEmpty())
          .toList();

  Result run(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(launcher);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dpostbus.home=" + home));
    var options = CommandJvm.here().options(arguments[0]);
    command.addAll(options);
    command.add(Postbus.class.getName());
    command.addAll(Arrays.asList(arguments));
    command.addAll(List.of("--state", state.toString()));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    // A busy machine refuses new accounts, and the tests themselves make it busy.
    builder.environment().put("MAX_LOAD_1M", "10000");
    builder.environment().putAll(environment);
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(150, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("did not end: " + String.join(" ", arguments));
    }
    CommandJvm.here().ran(arguments[0], options, process.exitValue() == 0);
    return new Result(process.exitValue(), output);
  }

  JsonNode status() throws IOException, InterruptedException {
    return JSON.readTree(run("status", "--json").output());
  }

  /** The pid of a service or of a daemon beneath one. */
  long pidOf(String name) throws IOException, InterruptedException {
    return pidOf(status(), name);
  }

  /** The same of a status that has been asked for. */
  static long pidOf(JsonNode status, String name) {
    for (var service : status.path("services")) {
      if (service.path("name").asText().equals(name)) {
        return service.path("pid").asLong();
      }
      for (var process : service.path("processes")) {
        if (process.path("name").asText().equals(name)) {
          return process.path("pid").asLong();
        }
      }
    }
    throw new IllegalArgumentException("nothing is named " + name);
  }

  List<JsonNode> events(String... arguments) throws IOException, InterruptedException {
    var all = new ArrayList<>(List.of("events", "--json"));
    all.addAll(Arrays.asList(arguments));
    var events = new ArrayList<JsonNode>();
    for (var line : run(all.toArray(String[]::new)).output().lines().toList()) {
      events.add(JSON.readTree(line));
    }
    return events;
  }
}
