package dev.postbus.containers;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postbus.bench.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A stack of its own name and ports, by one of the project's compose files. Registered with a test
 * class, it runs from before the first test to after the last one.
 */
final class Compose implements BeforeAllCallback, AfterAllCallback {
  static final String DOMAIN = "_containers.localhost";

  private static final List<Integer> PORTS = List.of(25, 80, 143, 443, 465, 587, 993, 9104);
  private static final Duration LONG = Duration.ofMinutes(3);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int STEP = 7;

  /** Stacks of one run never look at the same ports: they may start at the same time. */
  private static final AtomicInteger nextOffset = new AtomicInteger(12_000);

  private final String name;
  private final List<String> start;
  private final Map<String, String> environment = new HashMap<>();
  private final int offset;
  private List<String> startOptions = List.of();
  private int classes;
  private boolean begun;

  Compose(String name, String... files) {
    this.name = name;
    offset = freeOffset();
    var words = new ArrayList<>(List.of("docker", "compose"));
    options(name, files).forEach(words::add);
    start = List.copyOf(words);
    environment.put("MAIL_DOMAIN", DOMAIN);
    environment.put("POSTBUS_ADDRESS", "127.0.0.1");
    // A machine that runs all tests is loaded.
    environment.put("MAX_LOAD_1M", "1000");
    environment.put("MIN_AVAILABLE_MEMORY", "10M");
    PORTS.forEach(port -> environment.put("POSTBUS_PORT_" + port, "" + (port + offset)));
  }

  private static List<String> options(String name, String... files) {
    var options = new ArrayList<>(List.of("-p", name, "--env-file", "/dev/null"));
    for (var file : files) {
      options.addAll(List.of("-f", "deploy/" + file));
    }
    return options;
  }

  /** Sets a variable of {@code .env}; empty takes it away. */
  Compose set(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Has it start with options of {@code docker compose up}. */
  Compose startedWith(String... options) {
    startOptions = List.of(options);
    return this;
  }

  /**
   * Where there is no engine, the tests are left out, and nothing is begun that had to be ended.
   */
  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    // Classes within the class are told of it, too.
    if (classes++ == 0) {
      Images.build();
      begun = true;
      remove();
      up(startOptions.toArray(String[]::new));
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    if (--classes == 0 && begun) {
      remove();
    }
  }

  Command.Result run(String... command) throws IOException, InterruptedException {
    var line = new ArrayList<>(start);
    line.addAll(List.of(command));
    return Command.run(LONG, environment, line);
  }

  /** Starts it, and returns when all containers are healthy. */
  void up(String... options) throws IOException, InterruptedException {
    var line = new ArrayList<>(List.of("up", "-d", "--wait", "--wait-timeout", "120"));
    line.addAll(List.of(options));
    var result = run(line.toArray(String[]::new));
    if (result.code() != 0) {
      throw new AssertionError(
          result.output() + run("ps", "-a").output() + run("logs", "--tail", "40").output());
    }
  }

  /** The operator's command, in the container that has it. */
  Command.Result postbus(String container, String... words)
      throws IOException, InterruptedException {
    var line = new ArrayList<>(List.of("exec", "-T", container, "postbus"));
    line.addAll(List.of(words));
    return run(line.toArray(String[]::new));
  }

  /** A service's container as the engine describes it. */
  JsonNode inspect(String service) throws IOException, InterruptedException {
    return inspectAll(service).getFirst();
  }

  /** The containers of a service that has several. */
  List<JsonNode> inspectAll(String service) throws IOException, InterruptedException {
    var line = new ArrayList<>(List.of("docker", "inspect"));
    run("ps", "-q", "-a", service).succeeded().output().strip().lines().forEach(line::add);
    var containers = new ArrayList<JsonNode>();
    JSON.readTree(Command.run(LONG, Map.of(), line).succeeded().output()).forEach(containers::add);
    return containers;
  }

  /** Kills a container's first process from outside, so that its restart policy counts. */
  void kill(String service) throws IOException, InterruptedException {
    kill(inspect(service));
  }

  /** The same of one of several. */
  static void kill(JsonNode container) throws IOException, InterruptedException {
    var pid = container.at("/State/Pid").asLong();
    if (pid <= 1) {
      throw new AssertionError(container.path("Name").asText() + " does not run");
    }
    Command.run(LONG, Map.of(), List.of("kill", "-9", "" + pid)).succeeded();
    // The kernel ends the others of the container first, which may serve for a moment yet.
    await().atMost(LONG).until(() -> ProcessHandle.of(pid).isEmpty());
  }

  boolean healthy(String service) throws IOException, InterruptedException {
    return inspectAll(service).stream()
        .map(container -> container.path("State"))
        .allMatch(
            state ->
                state.path("Running").asBoolean()
                    && state.at("/Health/Status").asText().equals("healthy"));
  }

  /** Replaces the containers of a service, as operators do it. */
  Command.Result roll(String service) throws IOException, InterruptedException {
    var line = new ArrayList<>(List.of(Command.HOME + "/deploy/roll", service));
    line.addAll(start.subList(2, start.size()));
    return Command.run(LONG, environment, line);
  }

  /** Where clients find it. */
  Target target() {
    return Target.withOffset("127.0.0.1", offset, DOMAIN);
  }

  int port(int standard) {
    return standard + offset;
  }

  /** Deletes what one of its volumes keeps; no container may have it. */
  void removeVolume(String name) throws IOException, InterruptedException {
    Command.run(LONG, Map.of(), List.of("docker", "volume", "rm", this.name + "_" + name))
        .succeeded();
  }

  /** Ends it, and deletes all that it kept. */
  void remove() throws IOException, InterruptedException {
    run("down", "-v", "--timeout", "5");
  }

  private static int freeOffset() {
    for (int offset = nextOffset.getAndAdd(STEP);
        offset < 20_000;
        offset = nextOffset.getAndAdd(STEP)) {
      var candidate = offset;
      if (PORTS.stream().allMatch(port -> free(port + candidate))) {
        return offset;
      }
    }
    throw new AssertionError("no free ports");
  }

  private static boolean free(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
