package dev.postbus.stacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postbus.deploy.local.Shape;
import dev.postbus.deploy.local.StackPorts;
import dev.postbus.realclient.RealClientTests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * The relay with all services and the broker in one process: nothing else may differ. Its events
 * carry traces, which nothing else may notice either.
 */
class TogetherStackTest extends LocalStackTest {
  TogetherStackTest() {
    super(Shape.TOGETHER, Map.of("POSTBUS_TRACES", "on"));
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

  @Test
  void aTraceThatARequestBelongsToGoesThroughAllThatFollows() throws Exception {
    // Given a tracing system's trace, and another one whose id is not written as the standard says
    var config = new StackPorts(offset(), Shape.TOGETHER).config();
    var trace = "0af7651916cd43dd8448eb211c80319c";
    var header = "00-" + trace + "-b7ad6b7169203331-01";
    var broken = header.toUpperCase(Locale.ROOT).replace("7", "8");

    // When something is changed, the certificate renewed, and something changed in the broken one
    send("PATCH", config, "/config", "{\"set\":{\"privacy_postal\":\"Trace Road 1\"}}", header);
    send("POST", config, "/cert/renew", "{\"force\":true}", header);
    send("PATCH", config, "/config", "{\"set\":{\"privacy_postal\":\"Trace Road 2\"}}", broken);

    // Then all that follows is in the trace, each with a parent id of its own
    await()
        .atMost(LocalRelay.LONG)
        .untilAsserted(
            () ->
                assertThat(in(trace))
                    .extracting(event -> shortType(event) + " " + event.path("tracestate").asText())
                    .contains(
                        "config-changed vendor=x",
                        "config-applied vendor=x",
                        "process-reloaded vendor=x",
                        "cert-changed vendor=x")
                    .filteredOn(type -> type.startsWith("cert-applied"))
                    .hasSize(6));
    var followers = in(trace).stream().filter(event -> event.hasNonNull("causationid")).toList();
    assertThat(followers)
        .extracting(event -> event.path("traceparent").asText())
        .doesNotHaveDuplicates()
        .doesNotContain(header)
        .allMatch(parent -> parent.endsWith("-01"));
    assertThat(in(trace))
        .filteredOn(event -> !event.hasNonNull("causationid"))
        .extracting(event -> event.path("traceparent").asText())
        .containsOnly(header);

    // And the broken one is nowhere: its change began a trace of its own
    var last = cli().events("--type", "config-changed").getLast();
    assertThat(last.toString()).contains("Trace Road 2");
    assertThat(last.path("traceparent").asText())
        .startsWith("00-" + last.path("id").asText().replace("-", "") + "-");
    assertThat(last.has("tracestate")).isFalse();
    assertThat(cli().run("events", "--json").output()).doesNotContainIgnoringCase(broken);
  }

  private static void send(String method, int port, String path, String body, String header)
      throws IOException {
    var headers = Map.of("traceparent", header, "tracestate", "vendor=x");
    var answer = Api.send(method, port, path, body.getBytes(StandardCharsets.UTF_8), headers);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private List<JsonNode> in(String trace) throws Exception {
    return cli().events().stream()
        .filter(event -> event.path("traceparent").asText().contains(trace))
        .toList();
  }

  private static String shortType(JsonNode event) {
    return event.path("type").asText().replaceAll("dev\\.postbus\\.|\\.v1", "");
  }

  @Nested
  class WithDeltaChat extends RealClientTests {
    WithDeltaChat() {
      super(() -> TogetherStackTest.this.relay().codeForThisMachine());
    }
  }
}
