package dev.postbus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postbus.events.RelayActivity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "config",
    description = "Shows and changes the configuration.",
    subcommands = {
      ConfigCommand.Show.class,
      ConfigCommand.Get.class,
      ConfigCommand.Set_.class,
      ConfigCommand.Unset.class,
      ConfigCommand.Validate.class
    })
final class ConfigCommand {
  private static final String SERVICE = "config-service";
  private static final Set<String> CONSUMERS = Set.of("mail-supervisor", "web-service");

  private ConfigCommand() {}

  @Command(name = "show", description = "Prints all keys with value and layer.")
  static final class Show implements Callable<Integer> {
    @Mixin private StateOption state = new StateOption();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--ini", description = "Print chatmail.ini as it is in force.")
    private boolean ini;

    @Override
    public Integer call() throws IOException {
      var rest = new Rest();
      var port = state.ports().config();
      if (ini) {
        System.out.print(rest.get(SERVICE, port, "/config/ini").text());
        return 0;
      }
      var config = rest.get(SERVICE, port, "/config").json();
      if (json) {
        System.out.println(config.toPrettyString());
        return 0;
      }
      System.out.println("version " + config.path("version").asLong());
      var rows = new ArrayList<List<String>>();
      rows.add(List.of("KEY", "VALUE", "LAYER"));
      config
          .path("values")
          .properties()
          .forEach(
              entry ->
                  rows.add(
                      List.of(
                          entry.getKey(),
                          entry.getValue().path("value").asText(),
                          entry.getValue().path("layer").asText())));
      System.out.println(StatusTable.layOut(rows));
      printProblems(config);
      return 0;
    }
  }

  @Command(name = "get", description = "Prints the value of a key.")
  static final class Get implements Callable<Integer> {
    @Mixin private StateOption state = new StateOption();

    @Parameters(paramLabel = "KEY", description = "The key.")
    private String key = "";

    @Override
    public Integer call() {
      var value =
          new Rest()
              .get(SERVICE, state.ports().config(), "/config")
              .json()
              .path("values")
              .path(key)
              .path("value");
      if (value.isMissingNode()) {
        throw new Failure("there is no key " + key + "; all of them: ./postbus config show");
      }
      System.out.println(value.asText());
      return 0;
    }
  }

  @Command(name = "set", description = "Sets keys: KEY VALUE, or KEY=VALUE several times.")
  static final class Set_ implements Callable<Integer> {
    @Mixin private StateOption state = new StateOption();
    @Mixin private WaitOption wait = new WaitOption();
    @Spec private @Nullable CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "KEY VALUE", description = "What to set.")
    private List<String> words = List.of();

    @Override
    public Integer call() throws IOException {
      return change(state, wait, values(), List.of());
    }

    private Map<String, String> values() {
      if (words.size() == 2 && !words.getFirst().contains("=")) {
        return Map.of(words.get(0), words.get(1));
      }
      var values = new LinkedHashMap<String, String>();
      for (var word : words) {
        var equals = word.indexOf('=');
        if (equals < 1 && spec != null) {
          throw new ParameterException(
              spec.commandLine(), "write KEY VALUE, or KEY=VALUE; not: " + word);
        }
        values.put(word.substring(0, equals), word.substring(equals + 1));
      }
      return values;
    }
  }

  @Command(
      name = "unset",
      description = "Takes back what was set, so that ini file, environment or default count.")
  static final class Unset implements Callable<Integer> {
    @Mixin private StateOption state = new StateOption();
    @Mixin private WaitOption wait = new WaitOption();

    @Parameters(arity = "1..*", paramLabel = "KEY", description = "The keys.")
    private List<String> keys = List.of();

    @Override
    public Integer call() throws IOException {
      return change(state, wait, Map.of(), keys);
    }
  }

  @Command(name = "validate", description = "Judges an ini file without applying it.")
  static final class Validate implements Callable<Integer> {
    @Mixin private StateOption state = new StateOption();

    @Parameters(paramLabel = "FILE", description = "The file.")
    private Path file = Path.of("");

    @Override
    public Integer call() throws IOException {
      if (!Files.isRegularFile(file)) {
        throw new Failure(file + " is not a file");
      }
      var answer =
          new Rest()
              .send(
                  SERVICE,
                  state.ports().config(),
                  "POST",
                  "/config/validate",
                  Files.readAllBytes(file));
      if (answer.refused()) {
        printProblems(answer.json());
        return 1;
      }
      System.out.println(file + " is valid");
      return 0;
    }
  }

  /** Whether to wait for the consumers. */
  static final class WaitOption {
    @Option(
        names = "--no-wait",
        description = "Return when the change is recorded, without waiting until it is applied.")
    private boolean noWait;
  }

  private static int change(
      StateOption state, WaitOption wait, Map<String, String> set, List<String> unset)
      throws IOException {
    var ports = state.ports();
    var user = System.getProperty("user.name", "cli").replaceAll("[^A-Za-z0-9._@-]", "_");
    var body = Rest.JSON.writeValueAsBytes(Map.of("set", set, "unset", unset, "actor", user));
    try (var answers = wait.noWait ? null : Answers.listen(ports).orElse(null)) {
      var answer = new Rest().send(SERVICE, ports.config(), "PATCH", "/config", body);
      if (answer.refused()) {
        printProblems(answer.json());
        System.err.println("Nothing was changed.");
        return 1;
      }
      var changed = answer.json();
      if (changed.path("unchanged").asBoolean()) {
        System.out.println(
            "version " + changed.path("version").asLong() + " says so already; nothing to do");
        return 0;
      }
      System.out.println("version " + changed.path("version").asLong());
      for (var key : changed.path("changed")) {
        System.out.printf(
            "  %s: %s -> %s%n",
            key.path("key").asText(), key.path("oldValue").asText(), key.path("newValue").asText());
      }
      if (wait.noWait) {
        return 0;
      }
      if (answers == null) {
        System.out.println("the bus is away: it will be applied when the bus is back");
        return 0;
      }
      return report(answers, changed.path("eventId").asText());
    }
  }

  private static int report(Answers answers, String eventId) {
    var rejected = new boolean[1];
    var missing =
        answers.await(
            eventId,
            CONSUMERS,
            activity -> {
              switch (activity) {
                case RelayActivity.ConfigApplied applied -> {
                  System.out.printf(
                      "  applied by %s after %d ms%s%n",
                      applied.service(), applied.afterMillis(), touched(applied));
                  return Optional.of(applied.service());
                }
                case RelayActivity.ConfigRejected refused -> {
                  rejected[0] = true;
                  System.out.printf(
                      "  rejected by %s: %s says: %s%n",
                      refused.service(), refused.daemon(), refused.reason());
                  return Optional.of(refused.service());
                }
                default -> {
                  return Optional.empty();
                }
              }
            });
    if (!missing.isEmpty()) {
      System.err.println("no answer from " + missing + "; see: ./postbus status");
    }
    return rejected[0] || !missing.isEmpty() ? 1 : 0;
  }

  private static String touched(RelayActivity.ConfigApplied applied) {
    var touched =
        applied.daemons().stream()
            .filter(daemon -> !daemon.action().equals("none"))
            .map(daemon -> daemon.name() + " " + daemon.action())
            .toList();
    return touched.isEmpty() ? "" : " (" + String.join(", ", touched) + ")";
  }

  private static void printProblems(JsonNode answer) {
    for (var problem : answer.path("problems")) {
      System.err.println(problem.path("message").asText());
    }
  }
}
