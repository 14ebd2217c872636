package dev.postbus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postbus.deploy.local.StackPorts;
import dev.postbus.events.RelayActivity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "cert",
    description = "Shows, renews and imports the certificate.",
    subcommands = {CertCommand.Show.class, CertCommand.Renew.class, CertCommand.Import.class})
final class CertCommand {
  private static final String SERVICE = "cert-service";
  private static final String WEB = "https";
  private static final Set<String> LISTENERS =
      Set.of("smtp", "submission", "submissions", "imap", "imaps", WEB);
  private static final long LARGEST_FILE = 1 << 20;

  private CertCommand() {}

  @Command(name = "show", description = "Prints the certificate in use, and when it is renewed.")
  static final class Show implements Callable<Integer> {
    @Mixin private StateOption state = new StateOption();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
      var answer = new Rest().get(SERVICE, state.ports().cert(), "/cert");
      if (answer.status() != 200) {
        printProblems(answer.json());
        return 1;
      }
      if (json) {
        System.out.println(answer.json().toPrettyString());
      } else {
        print(answer.json());
      }
      return 0;
    }
  }

  @Command(name = "renew", description = "Gets a new certificate with a new key.")
  static final class Renew implements Callable<Integer> {
    @Mixin private StateOption state = new StateOption();

    @Option(
        names = "--force",
        description = "Also before it is due, or in place of an imported certificate.")
    private boolean force;

    @Override
    public Integer call() throws IOException {
      return change(state.ports(), "/cert/renew", Map.of("force", force));
    }
  }

  @Command(
      name = "import",
      description = "Takes a certificate chain and its key, both PEM, and has them served.")
  static final class Import implements Callable<Integer> {
    @Mixin private StateOption state = new StateOption();

    @Parameters(index = "0", paramLabel = "CERT", description = "The chain, leaf first.")
    private Path certificate = Path.of("");

    @Parameters(index = "1", paramLabel = "KEY", description = "The key.")
    private Path key = Path.of("");

    @Override
    public Integer call() throws IOException {
      return change(
          state.ports(),
          "/cert/import",
          Map.of("certificate", read(certificate), "key", read(key)));
    }

    private static String read(Path file) throws IOException {
      if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_FILE) {
        throw new Failure(file + " is not a PEM file of at most 1 MiB");
      }
      // PEM is ASCII; anything else will not be a certificate in whatever way it is read.
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
  }

  private static int change(StackPorts ports, String path, Map<String, ?> body) throws IOException {
    try (var answers = Answers.listen(ports).orElse(null)) {
      var answer =
          new Rest().send(SERVICE, ports.cert(), "POST", path, Rest.JSON.writeValueAsBytes(body));
      if (answer.refused()) {
        printProblems(answer.json());
        System.err.println("Nothing was changed.");
        return 1;
      }
      print(answer.json());
      if (answers == null) {
        System.out.println("the bus is away: it will be served when the bus is back");
        return 0;
      }
      return report(answers, answer.json().path("eventId").asText(), listeners(ports));
    }
  }

  /** Those that must serve it; a service that is there several times has one in each. */
  private static Set<String> listeners(StackPorts ports) {
    var rest = new Rest();
    var replicas =
        Containers.here().hosts(ports.web()).stream()
            .flatMap(host -> rest.tryGet(host, ports.web(), "/web/status").stream())
            .filter(answer -> answer.status() == 200)
            .map(answer -> answer.json().path("service").asText())
            .filter(service -> service.contains("@"))
            .toList();
    if (replicas.isEmpty()) {
      return LISTENERS;
    }
    var listeners = new HashSet<>(LISTENERS);
    listeners.remove(WEB);
    replicas.forEach(replica -> listeners.add(listener(replica, WEB)));
    return listeners;
  }

  private static String listener(String service, String name) {
    return service.contains("@") ? name + " of " + service : name;
  }

  private static int report(Answers answers, String eventId, Set<String> listeners) {
    var rejected = new boolean[1];
    var missing =
        answers.await(
            eventId,
            listeners,
            activity -> {
              switch (activity) {
                case RelayActivity.CertApplied applied -> {
                  System.out.printf(
                      "  served on port %d (%s) after %d ms%n",
                      applied.port(),
                      listener(applied.service(), applied.listener()),
                      applied.afterMillis());
                  return Optional.of(listener(applied.service(), applied.listener()));
                }
                case RelayActivity.CertRejected refused -> {
                  rejected[0] = true;
                  System.out.printf(
                      "  rejected by %s%s: %s%n",
                      refused.service(),
                      refused.listener() == null ? "" : " (" + refused.listener() + ")",
                      refused.reason());
                  return Optional.ofNullable(refused.listener())
                      .map(name -> listener(refused.service(), name));
                }
                default -> {
                  return Optional.empty();
                }
              }
            });
    if (!missing.isEmpty()) {
      System.err.println("not seen on " + missing + "; see: ./postbus events");
    }
    return rejected[0] || !missing.isEmpty() ? 1 : 0;
  }

  private static void print(JsonNode certificate) {
    System.out.printf(
        "generation %d, %s, %s%n  fingerprint %s%n  names %s%n  valid from %s to %s%n  issuer %s%n",
        certificate.path("generation").asLong(),
        certificate.path("mode").asText(),
        certificate.path("reason").asText(),
        certificate.path("fingerprint").asText(),
        certificate.path("names"),
        certificate.path("notBefore").asText(),
        certificate.path("notAfter").asText(),
        certificate.path("issuer").asText());
    if (certificate.path("nextRenewal").isTextual()) {
      System.out.printf(
          "  next renewal %s: %s%n",
          certificate.path("nextRenewal").asText(), certificate.path("nextRenewalWhy").asText());
    }
    if (certificate.path("problem").isTextual()) {
      System.err.println("problem: " + certificate.path("problem").asText());
    }
    for (var warning : certificate.path("warnings")) {
      System.err.println("warning: " + warning.asText());
    }
  }

  private static void printProblems(JsonNode answer) {
    for (var problem : answer.path("problems")) {
      System.err.println(problem.path("message").asText());
    }
  }
}
