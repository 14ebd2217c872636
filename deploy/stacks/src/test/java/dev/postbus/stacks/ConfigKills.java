package dev.postbus.stacks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postbus.deploy.local.StackPorts;
import dev.postbus.deploy.local.StackState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Kills of config-service with signal 9 at random points of a change: afterwards the change is on
 * disk, in the log and in force everywhere, or nowhere.
 */
final class ConfigKills {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int LONGEST_DELAY_MILLIS = 400;

  private final Cli cli;
  private final StackPorts ports;
  private final Random random;
  private final List<String> wrong = new ArrayList<>();
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private int rounds;

  ConfigKills(Cli cli, StackPorts ports, long seed) {
    this.cli = cli;
    this.ports = ports;
    this.random = new Random(seed);
  }

  /** One change with a kill; waits until all of the relay has the same version. */
  void round() throws Exception {
    var before = current().path("version").asLong();
    var size = Integer.toString(20_000_000 + rounds);
    var service = pid();
    var delay = Duration.ofMillis(random.nextInt(LONGEST_DELAY_MILLIS));
    var killer =
        Thread.ofPlatform()
            .start(
                () -> {
                  LockSupport.parkNanos(delay.toNanos());
                  ProcessHandle.of(service).ifPresent(ProcessHandle::destroyForcibly);
                });
    var told = set(size);
    killer.join();
    await(() -> pid() != service && current().path("version").isNumber());
    var after = current();
    var made = after.path("version").asLong() == before + 1;
    var value = after.at("/values/max_message_size/value").asText();
    if (after.path("version").asLong() > before + 1 || made != value.equals(size)) {
      wrong.add("after version %d came %s with %s".formatted(before, after.path("version"), value));
    }
    if (told && !made) {
      wrong.add("a change that was told to be made is not there after version " + before);
    }
    var version = after.path("version").asLong();
    await(() -> inForce("mail-supervisor") == version && inForce("web-service") == version);
    outcomes.merge(
        (told ? "told, " : "not told, ") + (made ? "there" : "not there"), 1, Integer::sum);
    rounds++;
  }

  /** All that must not be. */
  List<String> wrong() throws Exception {
    var all = new ArrayList<>(wrong);
    var onDisk = new ArrayList<String>();
    for (var version : Api.json(ports.config(), "/config/versions?limit=1000000")) {
      onDisk.addFirst(version.path("version").asText());
    }
    var inLog =
        cli.events("--type", "config-changed").stream()
            .map(event -> event.path("data").path("version").asText())
            .toList();
    if (!onDisk.equals(inLog)) {
      all.add("on disk there is " + onDisk + ", in the log " + inLog);
    }
    for (int i = 0; i < onDisk.size(); i++) {
      if (!onDisk.get(i).equals(Integer.toString(i + 1))) {
        all.add("version " + (i + 1) + " is " + onDisk.get(i));
      }
    }
    return all;
  }

  /** What was done, and what came of it, as text. */
  String counts() throws Exception {
    return """
        rounds: %d
        outcomes: %s
        wrong (half a change, a gap, a twin, or a difference between disk, log and daemons): %d
        %s
        """
        .formatted(rounds, outcomes, wrong().size(), String.join("\n", wrong()));
  }

  private boolean set(String size) throws IOException {
    var body = Cli.JSON.writeValueAsBytes(Map.of("set", Map.of("max_message_size", size)));
    try {
      return Api.patch(ports.config(), "/config", body) == 200;
    } catch (IOException killed) {
      return false;
    }
  }

  private JsonNode current() {
    return tryJson(ports.config(), "/config");
  }

  private long inForce(String service) {
    var web = service.equals("web-service");
    return tryJson(web ? ports.web() : ports.mail(), web ? "/web/status" : "/mail/status")
        .path("configVersion")
        .asLong(-1);
  }

  private static JsonNode tryJson(int port, String path) {
    try {
      return Api.json(port, path);
    } catch (IOException away) {
      return Cli.JSON.createObjectNode();
    }
  }

  private long pid() {
    return StackState.running(cli.state()).orElseThrow().services().stream()
        .filter(one -> one.name().equals("config-service"))
        .map(StackState.Service::pid)
        .filter(java.util.Objects::nonNull)
        .findFirst()
        .orElse(-1L);
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(Condition condition) throws IOException {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new IOException("the relay does not come to agree within " + PATIENCE);
      }
      LockSupport.parkNanos(20_000_000);
    }
  }
}
