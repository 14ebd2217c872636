package dev.postbus.cli;

import dev.postbus.audit.ExportLog;
import dev.postbus.audit.Import;
import dev.postbus.deploy.local.JavaCommand;
import dev.postbus.deploy.local.Shape;
import dev.postbus.deploy.local.StackSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Puts another stack's events into the bus of a new state, before any service runs: these make what
 * they own again from the log. The broker runs for that time alone, as root; when the stack starts,
 * its files change hands.
 */
final class ImportedHistory {
  private static final String UNFINISHED = "import-unfinished";
  private static final String READY = "broker ready";
  private static final long PATIENCE_SECONDS = 30;

  private final Path state;
  private final ExportLog export;

  private ImportedHistory(Path state, ExportLog export) {
    this.state = state;
    this.export = export;
  }

  /**
   * Looks at both, and changes nothing.
   *
   * @throws Failure if the export is not whole, or the state is not empty
   */
  static ImportedHistory of(Path export, Path state) {
    try {
      var history = new ImportedHistory(state, AuditImport.whole(export));
      history.refuseOthers();
      return history;
    } catch (IOException e) {
      throw new Failure(String.valueOf(e.getMessage()));
    }
  }

  /** The domain whose events they are. */
  String domain() {
    var domains = export.manifest().domains();
    if (domains.size() != 1) {
      throw new Failure(
          "the export must hold the events of one relay; it holds those of " + domains);
    }
    return domains.getFirst();
  }

  /** Imports into the bus of the state. */
  void fill(StackSettings settings, Path programs, Consumer<String> progress) {
    progress.accept("importing %d events of %s".formatted(export.manifest().records(), domain()));
    try {
      Files.createDirectories(state);
      Files.writeString(state.resolve(UNFINISHED), "");
      if (!Files.isDirectory(bus())) {
        Files.createDirectory(
            bus(),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      var broker = broker(settings, programs);
      var end = new Thread(() -> end(broker));
      Runtime.getRuntime().addShutdownHook(end);
      try {
        awaitReady(broker);
        Import.of(export, "127.0.0.1:" + settings.ports().broker(), (short) 1, records -> {});
      } finally {
        end(broker);
      }
      Runtime.getRuntime().removeShutdownHook(end);
      Files.delete(state.resolve(UNFINISHED));
    } catch (IOException e) {
      throw new Failure(
          "the events were not imported: %s. Repeat the command; it goes on from there"
              .formatted(e.getMessage()));
    }
  }

  private void refuseOthers() throws IOException {
    if (!Files.isDirectory(state) || Files.exists(state.resolve(UNFINISHED))) {
      return;
    }
    try (var entries = Files.list(state)) {
      var there = entries.map(entry -> entry.getFileName().toString()).sorted().toList();
      if (!there.isEmpty()) {
        throw new Failure(
            "--from wants a new state, and %s holds %s; choose another --state, or leave out --from"
                .formatted(state, String.join(", ", there)));
      }
    }
  }

  private Process broker(StackSettings settings, Path programs) throws IOException {
    var command = Shape.command("broker", new JavaCommand(programs, null));
    command.addAll(
        List.of(
            bus().toString(),
            "127.0.0.1",
            "" + settings.ports().broker(),
            "" + settings.ports().brokerController()));
    Files.createDirectories(state.resolve("log"));
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.appendTo(state.resolve("log/import.log").toFile()))
        .start();
  }

  private static void awaitReady(Process broker) throws IOException {
    // It says nothing else there, and its end ends the stream.
    var out =
        new BufferedReader(new InputStreamReader(broker.getInputStream(), StandardCharsets.UTF_8));
    for (var line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(READY)) {
        return;
      }
    }
    throw new IOException("the broker did not start; see log/import.log of the state");
  }

  private static void end(Process broker) {
    broker.destroy();
    try {
      if (!broker.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        broker.destroyForcibly();
      }
    } catch (InterruptedException e) {
      broker.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private Path bus() {
    return state.resolve("bus");
  }
}
