package dev.postbus.stacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postbus.deploy.local.Shape;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What operators see of a relay, and what becomes of it when parts of it end. */
interface OperationTests extends RelayTests {
  @Test
  default void theStatusListsEverythingWithWhatIsInForce() throws Exception {
    var status = cli().status();

    assertThat(status.path("ready").asBoolean()).isTrue();
    assertThat(status.path("services"))
        .extracting(s -> s.path("name").asText())
        .containsExactly(
            "broker", "config-service", "cert-service", "mail-supervisor", "web-service");
    for (var service : status.path("services")) {
      assertThat(service.path("pid").asLong()).isPositive();
      assertThat(service.path("since").asText()).isNotEmpty();
      assertThat(service.path("restarts").isInt()).isTrue();
      if (!service.path("processes").isEmpty()) {
        assertThat(service.path("configVersion").asLong()).isPositive();
        assertThat(service.path("certFingerprint").asText()).hasSize(64);
      }
    }
  }

  /** Each process once: all services may be one. */
  default Stream<String> processes() {
    var shape = relay().shape();
    return Stream.concat(
        Stream.of("dovecot", "opendkim", "unbound", "postfix", "nginx", "mail-policy"),
        Shape.SERVICES.stream().filter(name -> isFirstOf(shape, name)));
  }

  private static boolean isFirstOf(Shape shape, String name) {
    return Shape.SERVICES.stream()
        .filter(other -> shape.processOf(other).equals(shape.processOf(name)))
        .findFirst()
        .equals(Optional.of(name));
  }

  @ParameterizedTest
  @MethodSource("processes")
  default void whatIsKilledComesBackAndTheEventsSaySo(String name) throws Exception {
    var pid = cli().pidOf(name);
    Runtime.getRuntime().exec(new String[] {"/bin/kill", "-9", "" + pid}).waitFor();

    await().atMost(LocalRelay.LONG).until(() -> isBack(cli().status(), name, pid));
    relay().newUser();
    assertThat(relay().https("GET", "/").statusCode()).isEqualTo(200);
    await()
        .atMost(LocalRelay.LONG)
        .until(
            () ->
                cli().events("--type", "process-exited").stream()
                    .anyMatch(e -> isEndOf(e, relay().shape().processOf(name), pid)));
  }

  private static boolean isBack(JsonNode status, String name, long before) {
    return status.path("ready").asBoolean() && Cli.pidOf(status, name) != before;
  }

  private static boolean isEndOf(JsonNode event, String name, long pid) {
    var data = event.path("data");
    return data.path("process").asText().equals(name)
        && data.path("pid").asLong() == pid
        && !data.path("expected").asBoolean();
  }

  @Test
  default void allMetricsAreToldInOnePlace() throws Exception {
    var page = URI.create("http://127.0.0.1:" + (9105 + offset()) + "/metrics").toURL();

    try (var in = page.openStream()) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines())
          .contains(
              "postbus_supervisor_up 1.0",
              "postbus_dovecot_up 1.0",
              "postbus_daemon_ready{daemon=\"unbound\"} 1.0")
          .anyMatch(line -> line.startsWith("postbus_postfix_timeouts_total "))
          .noneMatch(line -> line.contains("@"));
    }
  }

  @Test
  default void theDoctorFindsNothingWrongWithIt() throws Exception {
    var result = cli().run("doctor", "--json", "--mail-server", "127.0.0.1");

    assertThat(result.exitCode()).as(result.output()).isZero();
    var said = Cli.JSON.readTree(result.output());
    for (var check : List.of("java", "packages", "ports", "clock", "rights", "state")) {
      assertThat(DoctorCommandTest.level(said, check)).as(result.output()).isEqualTo("ok");
    }
    assertThat(result.output()).containsPattern("the relay holds \\d+ of its \\d+ ports");
  }
}
