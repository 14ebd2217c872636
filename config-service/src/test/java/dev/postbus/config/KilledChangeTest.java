package dev.postbus.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.broker.EmbeddedBroker;
import dev.postbus.events.Envelope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A change of which each step may be the last: a process of its own is killed before one of the
 * calls by which it makes files durable, names them, or removes them. {@code ./postbus kills config
 * --rounds N} tries more of them.
 */
class KilledChangeTest {
  /** A start and a change take about this long. */
  private static final long LONGEST_LIFE_MILLIS = 1000;

  @TempDir static Path work;
  private static EmbeddedBroker broker;
  private static Path library;

  private final TreeMap<String, Integer> outcomes = new TreeMap<>();

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.startOnFreePorts(work.resolve("bus"));
    library = work.resolve("fault.so");
    run(
        new ProcessBuilder(
            "cc",
            "-O1",
            "-Wall",
            "-Werror",
            "-fPIC",
            "-shared",
            "-o",
            library.toString(),
            "src/test/native/fault.c",
            "-ldl"));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void whateverStepIsTheLastAChangeIsWhollyThereOrNotAtAll() throws Exception {
    var rounds = Integer.getInteger("kills.rounds", 3);
    var random = new Random(Long.getLong("kills.seed", System.nanoTime()));
    var steps = steps();
    assertThat(steps).as("steps that a start and a change have").isGreaterThan(10);

    for (int round = 0; round < rounds; round++) {
      // All of them in turn, where there are rounds enough.
      killAt(rounds < steps ? 1 + random.nextInt(steps) : 1 + round % steps, round);
    }

    Files.writeString(
        Path.of("target/kills-config.txt"),
        "rounds: %d, over the %d steps of a start and a change%noutcomes: %s%n"
            .formatted(rounds, steps, outcomes));
  }

  @Test
  void wheneverItIsKilledAChangeIsWhollyThereOrNotAtAll() throws Exception {
    var rounds = Integer.getInteger("kills.rounds", 2);
    var random = new Random(Long.getLong("kills.seed", System.nanoTime()));

    for (int round = 0; round < rounds; round++) {
      // Given a relay with two versions, and a service that is killed at any moment
      var service = "shot-" + round;
      var state = prepared(service);
      var delay = Duration.ofMillis(random.nextLong(LONGEST_LIFE_MILLIS));
      var said = changeAndKill(state, service, delay);

      // Then after another start nothing is half there
      judge(state, service, said, "killed after " + delay.toMillis() + " ms");
    }

    Files.writeString(
        Path.of("target/kills-config-random.txt"),
        "rounds: %d, at random moments of a start and a change%noutcomes: %s%n"
            .formatted(rounds, outcomes));
  }

  /** How many steps there are when nothing happens. */
  private static int steps() throws Exception {
    var state = prepared("whole");
    var count = work.resolve("steps");
    assertThat(change(state, "whole", Map.of("FAULT_COUNT", count.toString()))).endsWith("sent\n");
    remove(state);
    return Integer.parseInt(Files.readString(count).strip());
  }

  private void killAt(int step, int round) throws Exception {
    // Given a relay with two versions, and a service that dies at some step of a change
    var service = "killed-" + round;
    var state = prepared(service);
    var said = change(state, service, Map.of("FAULT_AT", Integer.toString(step)));

    // Then after another start nothing is half there
    judge(state, service, said, "step " + step);
  }

  /** Starts again, and looks at disk, log and what is in force. */
  private void judge(Path state, String service, String said, String when) throws Exception {
    try (var life = new Life(state, broker.bootstrap(), service)) {
      var published = life.published();
      var versions = life.versions();

      // Disk and log hold the same versions, without a gap or a twin
      var where = when + ", which said " + said;
      assertThat(versions)
          .as(where)
          .extracting(Version::number)
          .containsExactlyElementsOf(life.publishedNumbers());
      assertThat(versions)
          .as(where)
          .extracting(Version::number)
          .containsExactly(versions.size() == 2 ? new Long[] {1L, 2L} : new Long[] {1L, 2L, 3L});
      assertThat(published)
          .as(where)
          .extracting(Envelope::id)
          .containsExactlyElementsOf(versions.stream().map(Version::eventId).toList());

      // And the change is there if it was said to be made
      var load = life.keeper().current().plain().get("max_load_1m");
      assertThat(load).as(where).isEqualTo(versions.size() == 3 ? "77" : "9");
      if (said.contains("made")) {
        assertThat(versions).as(where).hasSize(3);
      }
      outcomes.merge(
          (said.contains("made") ? "told, " : "not told, ")
              + (versions.size() == 3 ? "there" : "not there"),
          1,
          Integer::sum);
    }
    remove(state);
  }

  private static Path prepared(String service) throws Exception {
    var state = Files.createDirectory(work.resolve(service));
    try (var life = new Life(state, broker.bootstrap(), service)) {
      life.set("max_load_1m", "9");
      life.awaitSent();
    }
    return state;
  }

  /** Runs a change in a process of its own; what that said. */
  private static String change(Path state, String service, Map<String, String> fault)
      throws Exception {
    var builder = program(state, service);
    builder.environment().put("LD_PRELOAD", library.toString());
    builder.environment().putAll(fault);
    return run(builder);
  }

  /** The same, killed from outside; it may have ended before. */
  private static String changeAndKill(Path state, String service, Duration delay) throws Exception {
    var said = Files.createTempFile(work, "said", ".txt");
    var process =
        program(state, service)
            .redirectOutput(said.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(delay)) {
      // On Linux this is signal 9.
      process.destroyForcibly();
    }
    assertThat(process.waitFor()).isIn(0, 128 + 9);
    return Files.readString(said);
  }

  private static ProcessBuilder program(Path state, String service) {
    return new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:-UsePerfData",
        "-cp",
        System.getProperty("java.class.path"),
        ChangingProgram.class.getName(),
        state.toString(),
        broker.bootstrap(),
        service,
        "77");
  }

  private static String run(ProcessBuilder builder) throws Exception {
    var errors = Files.createTempFile(work, "errors", ".txt");
    var process = builder.redirectError(errors.toFile()).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(errors)).isIn(0, 128 + 9);
    return said;
  }

  private static void remove(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      for (var file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
