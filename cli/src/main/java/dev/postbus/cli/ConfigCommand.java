package dev.postbus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
      ConfigCommand.Validate.class,
      ConfigVersions.History.class,
      ConfigVersions.Diff.class,
      ConfigVersions.Rollback.class
    })
final class ConfigCommand {
  static final String SERVICE = "config-service";

  private ConfigCommand() {}

  @Command(name = "show", description = "Prints all keys with value and layer.")
  static final class Show implements Callable<Integer> {
    @Mixin private StateOption state = new StateOption();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--ini", description = "Print chatmail.ini as it is in force.")
    private boolean ini;

    @Option(
        names = "--origin",
        description = "Also print what the layers beneath each value say, which it hides.")
    private boolean origin;

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
      rows.add(
          origin ? List.of("KEY", "VALUE", "LAYER", "HIDES") : List.of("KEY", "VALUE", "LAYER"));
      config
          .path("values")
          .properties()
          .forEach(entry -> rows.add(row(entry.getKey(), entry.getValue())));
      System.out.println(StatusTable.layOut(rows));
      printProblems(config);
      return 0;
    }

    private List<String> row(String key, JsonNode value) {
      var row =
          new ArrayList<>(List.of(key, value.path("value").asText(), value.path("layer").asText()));
      if (origin) {
        var hidden = new ArrayList<String>();
        for (var one : value.path("hides")) {
          var text = one.path("value").asText();
          hidden.add(one.path("layer").asText() + " " + (text.isEmpty() ? "\"\"" : text));
        }
        row.add(String.join(", ", hidden));
      }
      return row;
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
    @Mixin private ChangeOptions options = new ChangeOptions();
    @Spec private @Nullable CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "KEY VALUE", description = "What to set.")
    private List<String> words = List.of();

    @Override
    public Integer call() throws IOException {
      return new ConfigChange(state, options).change(values(), List.of());
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
    @Mixin private ChangeOptions options = new ChangeOptions();

    @Parameters(arity = "1..*", paramLabel = "KEY", description = "The keys.")
    private List<String> keys = List.of();

    @Override
    public Integer call() throws IOException {
      return new ConfigChange(state, options).change(Map.of(), keys);
    }
  }

  @Command(name = "validate", description = "Judges an ini file without applying it.")
  static final class Validate implements Callable<Integer> {
    // config-service says from where on a file is too large; this is beyond.
    private static final int ENOUGH_TO_REFUSE = 2 << 20;

    @Mixin private StateOption state = new StateOption();

    @Parameters(paramLabel = "FILE", description = "The file.")
    private Path file = Path.of("");

    @Override
    public Integer call() throws IOException {
      if (!Files.isRegularFile(file)) {
        throw new Failure(file + " is not a file");
      }
      byte[] text;
      try (var in = Files.newInputStream(file)) {
        text = in.readNBytes(ENOUGH_TO_REFUSE);
      }
      var answer =
          new Rest().send(SERVICE, state.ports().config(), "POST", "/config/validate", text);
      if (answer.refused()) {
        printProblems(answer.json());
        return 1;
      }
      System.out.println(file + " is valid");
      return 0;
    }
  }

  /** How a change is made, if it is made at all. */
  static final class ChangeOptions {
    @Option(
        names = "--dry-run",
        description = "Change nothing; say which daemons would be reloaded or restarted.")
    private boolean dryRun;

    @Option(
        names = "--wait",
        description =
            "Return when all of the relay has applied the change or taken it back (the default).")
    private boolean wait;

    @Option(
        names = "--no-wait",
        description = "Return when the change is recorded, without waiting until it is applied.")
    private boolean noWait;

    @Option(
        names = "--if-version",
        paramLabel = "N",
        description = "Change nothing unless version N is in force.")
    private @Nullable Long ifVersion;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept with the version.")
    private @Nullable String reason;

    boolean dryRun() {
      return dryRun;
    }

    boolean waits() {
      if (wait && noWait) {
        throw new Failure("--wait and --no-wait exclude each other");
      }
      return !noWait;
    }

    Map<String, String> headers() {
      return ifVersion == null ? Map.of() : Map.of("If-Match", "\"" + ifVersion + "\"");
    }

    @Nullable String reason() {
      return reason;
    }
  }

  static void printProblems(JsonNode answer) {
    for (var problem : answer.path("problems")) {
      System.err.println(problem.path("message").asText());
    }
  }
}
