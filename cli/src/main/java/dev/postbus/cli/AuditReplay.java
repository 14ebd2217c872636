package dev.postbus.cli;

import dev.postbus.audit.AuditJson;
import dev.postbus.audit.AuditLog;
import dev.postbus.audit.StateReplay;
import dev.postbus.events.RelayState;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "replay",
    description = {
      "What the relay was like at a time: configuration, certificate, DKIM key, what each service",
      "had applied, and its processes. Computed from the log alone."
    },
    footer = {
      "",
      "  ./postbus audit replay",
      "  ./postbus audit replay --at 2026-11-24T10:00:00Z",
      "  ./postbus audit replay --version 7          when version 7 of the configuration was made"
    })
final class AuditReplay implements AuditAction {
  @Mixin private LogOption option = new LogOption();

  @ArgGroup private When when = new When();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /** Either a time or a version. */
  static final class When {
    @Option(
        names = "--at",
        paramLabel = "TIME",
        description = "When: " + Moment.FORMS + " (default: now).")
    private String at = "now";

    @Option(
        names = "--version",
        paramLabel = "N",
        description = "When version N of the configuration was made.")
    private @Nullable Long version;
  }

  @Override
  public int run() throws IOException {
    try (var log = new Progress(System.err, "replayed").of(option.open())) {
      var time = time(log);
      var state = StateReplay.at(log, List.of(time)).getFirst();
      if (json) {
        var object = (com.fasterxml.jackson.databind.node.ObjectNode) AuditJson.of(state);
        object.put("at", time.toString());
        System.out.println(object.toPrettyString());
      } else {
        print(time, state);
      }
      return 0;
    }
  }

  private Instant time(AuditLog log) throws IOException {
    var version = when.version;
    if (version == null) {
      return Moment.parse(when.at, Moment.now());
    }
    return StateReplay.timeOf(log, version)
        .orElseThrow(
            () ->
                new Failure(
                    "the log holds no version %d; those that it holds: ./postbus events --type config-changed"
                        .formatted(version)));
  }

  private static void print(Instant time, RelayState state) {
    System.out.println("The relay at " + time);
    var configuration = state.configuration();
    if (configuration == null) {
      System.out.println("configuration  none yet");
    } else {
      System.out.printf(
          "configuration  version %d, by %s at %s%s%n",
          configuration.version(),
          configuration.actor(),
          configuration.since(),
          configuration.reason() == null ? "" : ": " + configuration.reason());
      configuration
          .values()
          .forEach((key, value) -> System.out.printf("               %s = %s%n", key, value));
    }
    var certificate = state.certificate();
    if (certificate == null) {
      System.out.println("certificate    none yet");
    } else {
      System.out.printf(
          "certificate    generation %d for %s until %s, from %s%n               %s%n",
          certificate.generation(),
          String.join(", ", certificate.names()),
          certificate.notAfter(),
          certificate.issuer(),
          certificate.fingerprint());
    }
    var dkim = state.dkimKey();
    System.out.println(
        dkim == null
            ? "DKIM key       none yet"
            : "DKIM key       %s._domainkey.%s since %s%n               %s"
                .formatted(dkim.selector(), dkim.domain(), dkim.since(), dkim.fingerprint()));
    state.services().forEach(AuditReplay::print);
  }

  private static void print(String name, RelayState.Service service) {
    var applied = service.configuration();
    System.out.printf(
        "%s%s%n",
        name,
        applied == null
            ? ""
            : "  version %d since %s".formatted(applied.version(), applied.since()));
    var refused = service.refused();
    if (refused != null) {
      System.out.printf(
          "  refused %s at %s: %s%n", refused.what(), refused.time(), refused.reason());
    }
    service
        .certificates()
        .forEach(
            (listener, served) ->
                System.out.printf(
                    "  %-20s generation %d since %s%n",
                    listener, served.generation(), served.since()));
    service
        .processes()
        .forEach(
            (process, is) ->
                System.out.printf(
                    "  %-20s %s%s since %s%s%n",
                    process,
                    is.state(),
                    is.pid() == null ? "" : ", pid " + is.pid(),
                    is.since(),
                    is.reason() == null ? "" : " (" + is.reason() + ")"));
  }
}
