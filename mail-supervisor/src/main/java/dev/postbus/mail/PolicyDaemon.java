package dev.postbus.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postbus.applier.Daemon;
import dev.postbus.applier.DaemonRefusal;
import dev.postbus.applier.DaemonRollout;
import dev.postbus.supervision.Account;
import dev.postbus.supervision.ProcessDescription;
import dev.postbus.supervision.Readiness;
import dev.postbus.supervision.StopSignal;
import dev.postbus.supervision.Supervisor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** mail-policy: reloads over its control port, and is restarted where that is not enough. */
record PolicyDaemon(MailSettings settings, Supervisor supervisor) implements Daemon {
  private static final String SETTINGS = "policy.json";

  @Override
  public String name() {
    return MailDaemons.POLICY;
  }

  @Override
  public Optional<String> problem(Path rendered) {
    return Optional.empty();
  }

  /** Its own word counts when it reloads; this is what can be told from the files. */
  @Override
  public String wouldDo(Optional<Path> before, Path now) {
    return before.isEmpty() || !endpoints(before.get()).equals(endpoints(now))
        ? "restarted"
        : "reloaded";
  }

  private List<JsonNode> endpoints(Path rendered) {
    var file = rendered.resolve(name()).resolve(SETTINGS);
    try {
      var settings = new ObjectMapper().readTree(file.toFile());
      return List.of(settings.path("outgoing"), settings.path("incoming"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  @Override
  public String takeUp(Optional<Path> before, Path now) throws DaemonRefusal {
    if (new PolicyControl(settings.ports()).reload()) {
      return "reloaded";
    }
    DaemonRollout.await(name(), supervisor.restart(name()));
    return "restarted";
  }

  static ProcessDescription process(MailSettings settings, Path current) {
    var command = new ArrayList<String>();
    command.add(settings.java().toString());
    command.addAll(
        List.of(
            "-Xms6m",
            "-Xmx24m",
            "-Xmn4m",
            // One whose listening thread had died would stay, and take nothing.
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.io.tmpdir=" + settings.policy().resolve("tmp")));
    command.addAll(settings.policyJvmOptions());
    command.addAll(
        List.of(
            "-cp",
            classPath(settings.policyProgram()),
            "dev.postbus.policy.Main",
            current.resolve(MailDaemons.POLICY).resolve(SETTINGS).toString()));
    if (!settings.policyReplicas().isEmpty()) {
      command.add(settings.policyReplicas());
    }
    return ProcessDescription.named(MailDaemons.POLICY)
        .command(command)
        .environment(Map.of("MALLOC_ARENA_MAX", "1"))
        .runAs(new Account(settings.vmailUid(), settings.vmailGid(), List.of()))
        .readiness(
            new Readiness.Http(
                new PolicyControl(settings.ports()).at("/health"), Duration.ofSeconds(15)))
        // At the end of a training run, the JVM writes its cache before it goes.
        .stop(new StopSignal("TERM", Duration.ofSeconds(30)))
        .build();
  }

  /** All its jars, sorted: a cache of classes is valid for one order of them. */
  private static String classPath(Path program) {
    try (var files = Files.list(program)) {
      return files
          .map(Path::toString)
          .filter(file -> file.endsWith(".jar"))
          .sorted()
          .collect(Collectors.joining(":"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read mail-policy's program in " + program, e);
    }
  }
}
