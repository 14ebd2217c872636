package dev.postbus.stacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.deploy.local.StackPorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What Prometheus and Grafana are given for a relay, held against what a whole relay tells. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MonitoringTests {
  private static final Path FOLDER = Path.of("..", "monitoring");
  private static final Pattern NAME = Pattern.compile("\\b(postbus|process)_[a-z0-9_]+");

  private final LocalRelay relay;
  private final StackPorts ports;

  MonitoringTests(LocalRelay relay) {
    this.relay = relay;
    ports = new StackPorts(relay.offset(), relay.shape());
  }

  @Test
  void everyMetricThatRulesAndDashboardNameIsTold() throws Exception {
    // Some are counted by this, or every night; and some from the first command on.
    assertThat(relay.cli().run("report").exitCode()).isZero();
    assertThat(relay.https("GET", "/").statusCode()).isEqualTo(200);
    try (var imap = relay.newUser().imap()) {
      imap.hearUntil("l OK");
      imap.say("s SELECT INBOX");
      imap.hearUntil("s OK");
    }
    await()
        .atMost(LocalRelay.LONG)
        .until(() -> page(ports.offset() + 9105).contains("imap_command_duration_seconds_bucket"));
    await().atMost(LocalRelay.LONG).until(() -> page(ports.web()).contains("postbus_visits_total"));
    var told = new StringBuilder();
    for (int port :
        List.of(ports.config(), ports.cert(), ports.mail(), ports.web(), ports.offset() + 9105)) {
      told.append(page(port));
    }

    var missing = new TreeSet<String>();
    var named = new TreeSet<String>();
    for (var expression : expressions()) {
      var names = NAME.matcher(expression);
      while (names.find()) {
        named.add(names.group());
        if (!Pattern.compile("(?m)^" + names.group() + "[{ ]").matcher(told).find()) {
          missing.add(names.group());
        }
      }
    }

    assertThat(named).hasSizeGreaterThan(25);
    assertThat(missing).isEmpty();
  }

  @Test
  void everyServiceTellsOfItself() throws Exception {
    var at =
        List.of(
            List.of("config-service", ports.config()),
            List.of("cert-service", ports.cert()),
            List.of("mail-supervisor", ports.mail()),
            List.of("web-service", ports.web()));
    for (var one : at) {
      assertThat(page((int) one.getLast()))
          .contains("postbus_service_ready{service=\"" + one.getFirst() + "\"} 1.0")
          .contains("postbus_bus_connected{service=\"" + one.getFirst() + "\"} 1.0")
          .contains("process_resident_memory_bytes ");
    }
    // And passes on what only mail-policy knows
    assertThat(Api.get(ports.mail(), "/mail/metrics").body()).contains("postbus_logins_total");
  }

  @Test
  void prometheusTakesTheRules() throws Exception {
    assertThat(promtool("check", "rules", "alerts.yaml")).contains("SUCCESS");
    assertThat(promtool("test", "rules", "alerts-test.yaml")).contains("SUCCESS");
    assertThat(promtool("check", "config", "prometheus.yaml")).contains("SUCCESS");
  }

  @Test
  void prometheusTakesThePages() throws Exception {
    for (int port : List.of(ports.config(), ports.web())) {
      var page = Files.writeString(Files.createTempFile("metrics-", ".txt"), page(port));
      try {
        assertThat(run(List.of("/usr/bin/promtool", "check", "metrics"), page)).isBlank();
      } finally {
        Files.delete(page);
      }
    }
  }

  private static String page(int port) throws IOException {
    var answer = Api.get(port, "/metrics");
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  private static List<String> expressions() throws IOException {
    var found = new ArrayList<String>();
    Files.readString(FOLDER.resolve("alerts.yaml"))
        .lines()
        .filter(line -> !line.contains("summary:") && !line.contains("name:"))
        .forEach(found::add);
    var dashboard = Cli.JSON.readTree(FOLDER.resolve("dashboard.json").toFile());
    for (var panel : dashboard.path("panels")) {
      panel.path("targets").forEach(target -> found.add(target.path("expr").asText()));
    }
    return found;
  }

  private static String promtool(String... words) throws Exception {
    var command = new ArrayList<>(List.of("/usr/bin/promtool"));
    command.addAll(List.of(words));
    return run(command, Path.of("/dev/null"));
  }

  private static String run(List<String> command, Path input) throws Exception {
    var process =
        new ProcessBuilder(command)
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .redirectInput(input.toFile())
            .start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }
}
