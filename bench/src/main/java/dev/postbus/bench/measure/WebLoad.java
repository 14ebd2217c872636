package dev.postbus.bench.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postbus.bench.Target;
import dev.postbus.bench.results.Recorder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What {@code wrk} is answered by pages and {@code POST /new} over many connections, while
 * something else happens to the relay.
 *
 * @param connections at once
 * @param length how long it asks
 * @param meanwhile what happens to the relay; the load does not wait for its end
 */
public record WebLoad(int connections, Duration length, Meanwhile meanwhile)
    implements Measurement {
  private static final Path WRK = Path.of("/usr/bin/wrk");
  private static final Duration LATE = Duration.ofSeconds(30);

  /** Something that is done to a relay under load. */
  @FunctionalInterface
  public interface Meanwhile {
    /** Does it, within the length of the load. */
    void run() throws IOException, InterruptedException;
  }

  @Override
  public String name() {
    return "web load";
  }

  @Override
  public void run(Target target, Recorder results) throws IOException, InterruptedException {
    if (!Files.isExecutable(WRK)) {
      throw new IOException("needs wrk, which is not there; next: apt-get install wrk");
    }
    var script = Files.createTempFile("postbus-wrk-", ".lua");
    try {
      try (var lua = Objects.requireNonNull(WebLoad.class.getResourceAsStream("/wrk/pages.lua"))) {
        Files.write(script, lua.readAllBytes());
      }
      record(results, ask(target, script));
    } finally {
      Files.delete(script);
    }
  }

  private JsonNode ask(Target target, Path script) throws IOException, InterruptedException {
    var wrk =
        new ProcessBuilder(
                WRK.toString(),
                "--threads",
                "1",
                "--connections",
                Integer.toString(connections),
                "--duration",
                length.toSeconds() + "s",
                "--timeout",
                LATE.toSeconds() + "s",
                "--header",
                "Host: " + target.domain(),
                "--script",
                script.toString(),
                "https://%s:%d/".formatted(target.host(), target.https()))
            .redirectErrorStream(true)
            .start();
    try {
      meanwhile.run();
      var said = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      var result = said.lines().filter(line -> line.startsWith("{")).findFirst();
      return new ObjectMapper()
          .readTree(result.orElseThrow(() -> new IOException("wrk says: " + said.strip())));
    } finally {
      wrk.destroy();
    }
  }

  private void record(Recorder results, JsonNode seen) throws IOException {
    var how = "%s, %d connections".formatted(name(), connections);
    var seconds = seen.path("seconds").asDouble();
    var good = seen.path("good").asDouble();
    results.figure(how + ": answered with 200", "requests", good);
    results.figure(how + ": rate", "requests/s", good / seconds);
    results.figure(how + ": p50", "ms", seen.path("p50").asDouble());
    results.figure(how + ": p99", "ms", seen.path("p99").asDouble());
    results.figure(how + ": told to ask later (429)", "requests", seen.path("busy").asDouble());
    for (var failed :
        List.of(
            List.of("answered otherwise", "bad"),
            List.of("broken off or refused", "broken"),
            List.of("not answered within %d s".formatted(LATE.toSeconds()), "late"))) {
      results.figure(
          how + ": " + failed.getFirst(), "requests", seen.path(failed.getLast()).asDouble());
    }
  }
}
