package dev.postbus.stacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.deploy.local.Shape;
import dev.postbus.realclient.RealClientTests;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The relay with all services and the broker in one process: nothing else may differ. */
class TogetherStackTest extends LocalStackTest {
  TogetherStackTest() {
    super(Shape.TOGETHER);
  }

  @Test
  void theLogIsWholeToldAndTheBeginningOfAnotherStack() throws Exception {
    // Given a change
    assertThat(cli().run("config", "set", "delete_mails_after", "29").exitCode()).isZero();

    // Then the log is whole, and its replay is what is in force
    var whole = cli().run("audit", "verify");
    assertThat(whole.exitCode()).as(whole.output()).isZero();
    var replayed = Cli.JSON.readTree(cli().run("audit", "replay", "--json").output());
    var values = replayed.path("configuration").path("values");
    assertThat(values.path("delete_mails_after").asText()).isEqualTo("29");
    for (var service : cli().status().path("services")) {
      for (var process : service.path("processes")) {
        var then = replayed.path("services").path(service.path("name").asText());
        var name = process.path("name").asText();
        assertThat(then.path("processes").path(name).path("pid").asLong())
            .as(name)
            .isEqualTo(process.path("pid").asLong());
      }
    }

    // And the change is told with all that came of it
    var change = cli().events("--type", "config-changed").getLast();
    var chain = cli().run("events", "--cause", change.path("id").asText().substring(0, 8)).output();
    assertThat(chain.lines().findFirst().orElseThrow()).contains("delete_mails_after=29");
    assertThat(chain)
        .containsPattern("─ +\\+\\d+ ms .*mail-supervisor +config-applied")
        .containsPattern("─ +\\+\\d+ ms .*web-service +config-applied");
    assertThat(cli().run("audit", "diff", "1d", "now").output())
        .contains("configuration.values.delete_mails_after: (none) -> 29");

    // When another stack begins with an export of it
    var export = cli().state().resolveSibling("export");
    assertThat(cli().run("audit", "export", export.toString()).exitCode()).isZero();
    assertThat(cli().run("audit", "verify", export.toString()).exitCode()).isZero();
    var refused = cli().run("up", "--detach", "--from", export.toString());
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.output()).contains("--from wants a new state");
    var second = relay().stack("from");
    var up =
        second.run(
            "up",
            "--detach",
            "--shape",
            "together",
            "--from",
            export.toString(),
            "--port-offset",
            "" + LocalRelay.freeOffset(17_000));
    try {
      assertThat(up.exitCode()).as(up.output()).isZero();

      // Then it has the configuration with its history, and a certificate of its own
      assertThat(versions(second)).isNotEmpty().isEqualTo(versions(cli()));
      assertThat(second.run("audit", "verify", "--against", export.toString()).exitCode()).isZero();
      assertThat(Files.exists(second.state().resolve("import-unfinished"))).isFalse();

      // And when it forgets what is old, the rest is proved, and tells the same
      prune(second);
    } finally {
      second.run("down");
    }

    // And what is there is not written over
    var again = second.run("up", "--detach", "--from", export.toString());
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.output()).contains("holds", "bus", "config");
  }

  private static void prune(Cli stack) throws Exception {
    var before = stack.run("audit", "replay", "--json").output();
    var planned = stack.run("audit", "prune", "--keep", "3", "--dry-run", "--json");
    assertThat(planned.exitCode()).as(planned.output()).isZero();
    assertThat(Cli.JSON.readTree(planned.output()).path("records").path("relay-activity").asLong())
        .isPositive();
    var pruned = stack.run("audit", "prune", "--keep", "3");
    assertThat(pruned.exitCode()).as(pruned.output()).isZero();

    var verified = stack.run("audit", "verify");
    assertThat(verified.exitCode()).as(verified.output()).isZero();
    assertThat(verified.output()).contains("Whole since", "were removed by retention");
    var after = Cli.JSON.readTree(stack.run("audit", "replay", "--json").output());
    assertThat(after.path("configuration"))
        .isEqualTo(Cli.JSON.readTree(before).path("configuration"));
    assertThat(after.path("dkimKey")).isEqualTo(Cli.JSON.readTree(before).path("dkimKey"));
    var early = stack.run("audit", "replay", "--at", "1d");
    assertThat(early.exitCode()).isEqualTo(1);
    assertThat(early.output()).contains("earliest");
    assertThat(stack.run("config", "set", "delete_mails_after", "28").exitCode()).isZero();
    assertThat(stack.events("--type", "snapshot")).hasSize(1);
    assertThat(stack.run("audit", "prune", "--keep", "1h").output()).contains("1d to 36500d");
  }

  private static List<String> versions(Cli stack) throws Exception {
    return stack
        .run("config", "history")
        .output()
        .lines()
        .filter(line -> line.startsWith("version "))
        .toList();
  }

  @Nested
  class WithDeltaChat extends RealClientTests {
    WithDeltaChat() {
      super(() -> TogetherStackTest.this.relay().codeForThisMachine());
    }
  }
}
