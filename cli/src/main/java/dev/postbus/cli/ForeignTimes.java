package dev.postbus.cli;

import dev.postbus.bench.Target;
import dev.postbus.bench.certs.KeptPair;
import dev.postbus.bench.certs.Replacements;
import dev.postbus.bench.measure.Measurement;
import dev.postbus.bench.results.Recorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Has the stack follow two files for the time of the measurement, which replaces them again and
 * again; afterwards, what was configured before is set again.
 *
 * @param runs replacements
 */
record ForeignTimes(StateOption state, int runs) implements Measurement {
  private static final String KEY = "tls_external_cert_and_key";

  @Override
  public String name() {
    return "foreign";
  }

  @Override
  public void run(Target target, Recorder results) throws IOException, InterruptedException {
    // Not below the state: other users may not be able to enter a parent folder of it.
    var folder =
        Files.createTempDirectory(
            "postbus-foreign-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    var owner = Files.getAttribute(state.folder().resolve("certs"), "unix:uid");
    var kept = new KeptPair(folder, owner instanceof Integer uid ? uid : 0);
    var before = operatorsValue();
    try {
      set(kept.certificate() + " " + kept.key());
      new Replacements(kept, runs, folder.resolve("work")).run(target, results);
    } finally {
      // Also when the measurement was interrupted: the request would end at once.
      var interrupted = Thread.interrupted();
      set(before);
      remakeSelfSigned();
      remove(folder);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private @Nullable String operatorsValue() {
    var value =
        new Rest()
            .get("config-service", state.ports().config(), "/config")
            .json()
            .path("values")
            .path(KEY);
    return value.path("layer").asText().equals("operator") ? value.path("value").asText() : null;
  }

  private void set(@Nullable String value) throws IOException {
    var body =
        value == null
            ? Map.of("set", Map.of(), "unset", List.of(KEY), "actor", "bench")
            : Map.of("set", Map.of(KEY, value), "unset", List.of(), "actor", "bench");
    var answer =
        new Rest()
            .send(
                "config-service",
                state.ports().config(),
                "PATCH",
                "/config",
                Rest.JSON.writeValueAsBytes(body));
    if (answer.status() >= 300) {
      throw new Failure("refused: " + answer.text());
    }
  }

  /** Refused where the certificate is kept or brought by somebody: then theirs comes back. */
  private void remakeSelfSigned() throws IOException {
    new Rest()
        .send(
            "cert-service",
            state.ports().cert(),
            "POST",
            "/cert/renew",
            Rest.JSON.writeValueAsBytes(Map.of("force", true)));
  }

  private static void remove(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
