package dev.postbus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postbus.deploy.local.StackState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainersTest {
  private static final String SHAPE = "POSTBUS_CONTAINERS";

  @TempDir Path folder;

  @Test
  void aMachineIsNone() {
    assertThat(Containers.of(Map.of("POSTBUS_BUS", "broker:9092"))).isEmpty();
  }

  @Test
  void separateServicesAreWhereTheEnvironmentSays() throws Exception {
    var token = Files.writeString(folder.resolve("token"), "a-token-that-nobody-guesses\n");
    var containers =
        Containers.of(
                Map.of(
                    SHAPE,
                    "separate",
                    "MAIL_DOMAIN",
                    "relay.example",
                    "POSTBUS_BUS",
                    "broker:9092",
                    "POSTBUS_MAIL_API",
                    "http://mail-supervisor:9203",
                    "POSTBUS_API_TOKEN_FILE",
                    token.toString()))
            .orElseThrow();

    assertThat(containers.at(9103, "/mail/status"))
        .hasToString("http://mail-supervisor:9203/mail/status");
    assertThat(containers.at(9101, "/config")).hasToString("http://127.0.0.1:9101/config");
    assertThat(containers.bootstrap()).isEqualTo("broker:9092");
    assertThat(containers.authorization()).isEqualTo("Bearer a-token-that-nobody-guesses");
    assertThat(containers.stack().settings().domain()).isEqualTo("relay.example");
    assertThat(containers.stack().services())
        .extracting(StackState.Service::name)
        .containsExactly(
            "broker", "config-service", "cert-service", "mail-supervisor", "web-service");
  }

  @Test
  void togetherAllAreInThisContainer() {
    var containers =
        Containers.of(Map.of(SHAPE, "together", "MAIL_DOMAIN", "relay.example")).orElseThrow();

    var mail = containers.stack().settings().ports().mail();
    assertThat(containers.at(mail, "/mail/status"))
        .hasToString("http://127.0.0.1:9101/mail/status");
    assertThat(containers.authorization()).isNull();
    assertThat(containers.bootstrap()).isEqualTo("127.0.0.1:9092");
    assertThat(containers.stack().services()).hasSize(1);
  }

  @Test
  void whatIsWrongIsNamed() {
    assertThatThrownBy(() -> Containers.of(Map.of(SHAPE, "apart")))
        .hasMessageContaining(SHAPE)
        .hasMessageContaining("separate or together");
    assertThatThrownBy(() -> Containers.of(Map.of(SHAPE, "together")).orElseThrow().stack())
        .hasMessageContaining("MAIL_DOMAIN");
    var unread = Map.of(SHAPE, "separate", "POSTBUS_API_TOKEN_FILE", folder + "/none");
    assertThatThrownBy(() -> Containers.of(unread).orElseThrow().authorization())
        .hasMessageContaining("/none");
  }
}
