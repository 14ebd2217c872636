package dev.postbus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands about versions of the configuration. */
final class ConfigVersions {
  private ConfigVersions() {}

  @Command(
      name = "history",
      description =
          "Prints the versions, the newest first: who, when, why, what, and what came of it.")
  static final class History implements Callable<Integer> {
    @Mixin private StateOption state = new StateOption();

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "20",
        description = "At most so many (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
      var versions =
          new Rest()
              .get(
                  ConfigCommand.SERVICE,
                  state.ports().config(),
                  "/config/versions?limit=" + Math.max(0, limit))
              .json();
      if (json) {
        System.out.println(versions.toPrettyString());
        return 0;
      }
      versions.forEach(History::print);
      return 0;
    }

    private static void print(JsonNode version) {
      System.out.printf(
          "version %d  %s  %s  %s%s%n",
          version.path("version").asLong(),
          version.path("time").asText(),
          version.path("actor").asText(),
          version.path("digest").asText().substring(0, 12),
          version.path("reason").isTextual() ? "  " + version.path("reason").asText() : "");
      // The first has all keys.
      if (version.path("version").asLong() > 1) {
        ConfigChange.printChanges(version.path("changed"));
      }
      for (var answer : version.path("answers")) {
        System.out.println("  " + ConfigChange.words(answer));
      }
    }
  }

  @Command(name = "diff", description = "Prints what differs from version A to version B.")
  static final class Diff implements Callable<Integer> {
    @Mixin private StateOption state = new StateOption();

    @Parameters(index = "0", paramLabel = "A", description = "The older version's number.")
    private long from;

    @Parameters(index = "1", paramLabel = "B", description = "The newer version's number.")
    private long to;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
      var answer =
          new Rest()
              .get(
                  ConfigCommand.SERVICE,
                  state.ports().config(),
                  "/config/versions/%d/changes?from=%d".formatted(to, from));
      if (answer.status() >= 400) {
        ConfigCommand.printProblems(answer.json());
        return 1;
      }
      if (json) {
        System.out.println(answer.json().toPrettyString());
      } else if (answer.json().path("changed").isEmpty()) {
        System.out.println("versions " + from + " and " + to + " say the same");
      } else {
        ConfigChange.printChanges(answer.json().path("changed"));
      }
      return 0;
    }
  }

  @Command(name = "rollback", description = "Makes a new version with the values of version N.")
  static final class Rollback implements Callable<Integer> {
    @Mixin private StateOption state = new StateOption();
    @Mixin private ConfigCommand.ChangeOptions options = new ConfigCommand.ChangeOptions();

    @Parameters(paramLabel = "N", description = "The version's number.")
    private long version;

    @Override
    public Integer call() throws IOException {
      return new ConfigChange(state, options).rollBack(version);
    }
  }
}
