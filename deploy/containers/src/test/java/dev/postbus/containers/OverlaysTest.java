package dev.postbus.containers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What compose makes of the files together. */
class OverlaysTest {
  @BeforeAll
  static void needsAnEngine() throws Exception {
    Images.engine();
  }

  @Test
  void withACommonClusterThereIsNoBrokerOfOnesOwn(@TempDir Path client) throws Exception {
    var stack = new Compose("postbus-test-kafka", "compose.yaml", "compose.external-kafka.yaml");
    stack.set("KAFKA_BOOTSTRAP", "kafka1.example:9093,kafka2.example:9093");
    stack.set("KAFKA_CLIENT", client.toString());

    var services = services(stack);

    assertThat(services.has("broker")).isFalse();
    assertThat(services).hasSize(4);
    for (var service : services) {
      assertThat(service.at("/environment/POSTBUS_BUS").asText())
          .isEqualTo("kafka1.example:9093,kafka2.example:9093");
      assertThat(service.at("/environment/POSTBUS_BUS_CLIENT").asText())
          .isEqualTo("/etc/postbus/kafka/client.properties");
      assertThat(service.path("networks").has("outside")).isTrue();
    }
  }

  @Test
  void withoutItsAddressNothingStarts() throws Exception {
    var stack = new Compose("postbus-test-kafka", "compose.yaml", "compose.external-kafka.yaml");

    var refused = stack.run("config", "--format", "json");

    assertThat(refused.code()).isNotZero();
    assertThat(refused.output()).contains("KAFKA_BOOTSTRAP", "is not set");
  }

  @Test
  void anIrohRelayIsReachedByWebServiceOnlyAndClientsAreToldOfIt() throws Exception {
    var services = services(new Compose("postbus-test-iroh", "compose.yaml", "compose.iroh.yaml"));

    var relay = services.path("iroh-relay");
    assertThat(relay.path("read_only").asBoolean()).isTrue();
    assertThat(relay.path("cap_drop")).extracting(JsonNode::asText).containsExactly("ALL");
    assertThat(relay.has("cap_add") || relay.has("volumes") || relay.has("ports")).isFalse();
    assertThat(relay.path("networks").properties())
        .extracting(Map.Entry::getKey)
        .containsExactly("iroh");
    for (var service : List.of("mail-supervisor", "web-service")) {
      assertThat(services.path(service).at("/environment/POSTBUS_IROH_HTTP").asText())
          .isEqualTo("iroh-relay:3340");
    }
    assertThat(services.properties())
        .filteredOn(service -> service.getValue().path("networks").has("iroh"))
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder("iroh-relay", "web-service");
  }

  @Test
  void withoutTraefiksFolderNothingStarts() throws Exception {
    var stack = new Compose("postbus-test-traefik", "compose.yaml", "compose.traefik.yaml");

    var refused = stack.run("config", "--format", "json");

    assertThat(refused.code()).isNotZero();
    assertThat(refused.output()).contains("TRAEFIK_ACME", "is not set");
  }

  private static JsonNode services(Compose stack) throws Exception {
    var said = stack.run("config", "--format", "json").succeeded().output();
    return new ObjectMapper().readTree(said.substring(said.indexOf('{'))).path("services");
  }
}
