package dev.postbus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LonePolicySettingsTest {
  private static final String STACK =
      """
      {"mailDomain": "_relay.localhost", "mailboxes": "/srv/relay/mailboxes", "uid": 5000,
       "accounts": {"maxLoad1m": 5},
       "limits": {"sendPerMinute": 60, "sendBurst": 10, "maxMessageSize": 31457280},
       "sockets": {"doveauth": "/srv/relay/policy/doveauth", "lastlogin": "/srv/relay/policy/l"},
       "outgoing": {"listen": 10080, "reinject": 10025},
       "incoming": {"listen": 10081, "reinject": 10026},
       "metrics": {"address": "192.0.2.1", "dovecotPort": 9106, "supervisorPort": 9103},
       "controlPort": 9105,
       "later": {"deeper": {"schedule": "/srv/relay/policy/due", "zone": "/srv/relays/x"}}}
      """;

  private final LonePolicySettings lone =
      new LonePolicySettings(
          Path.of("/srv/relay"),
          Path.of("/tmp/own"),
          new LonePolicySettings.Ports(4001, 4002, 4003, 4004));

  @Test
  void noPathOfTheStackIsLeft() throws IOException {
    // When settings are made over, with one that only a later version has
    var own = Rest.JSON.readTree(lone.of(STACK.getBytes(UTF_8)));

    // Then each path in the stack's folder is in the other one, and others stay
    assertThat(own.toString()).doesNotContain("/srv/relay/");
    assertThat(own.at("/mailboxes").asText()).isEqualTo("/tmp/own/mailboxes");
    assertThat(own.at("/sockets/doveauth").asText()).isEqualTo("/tmp/own/policy/doveauth");
    assertThat(own.at("/later/deeper/schedule").asText()).isEqualTo("/tmp/own/policy/due");
    assertThat(own.at("/later/deeper/zone").asText()).isEqualTo("/srv/relays/x");
  }

  @Test
  void hasPortsOfItsOwnAndNoRateLimit() throws IOException {
    var own = Rest.JSON.readTree(lone.of(STACK.getBytes(UTF_8)));

    assertThat(own.at("/outgoing").toString()).isEqualTo("{\"listen\":4001,\"reinject\":4004}");
    assertThat(own.at("/incoming").toString()).isEqualTo("{\"listen\":4002,\"reinject\":4004}");
    assertThat(own.at("/metrics").toString())
        .isEqualTo("{\"address\":\"\",\"dovecotPort\":0,\"supervisorPort\":0}");
    assertThat(own.at("/controlPort").asInt()).isEqualTo(4003);
    assertThat(own.at("/limits/sendPerMinute").asInt()).isGreaterThan(1_000_000);
    assertThat(own.at("/limits/sendBurst").asInt()).isGreaterThan(1_000_000);
    assertThat(own.at("/limits/maxMessageSize").asInt()).isEqualTo(31_457_280);
    assertThat(own.at("/mailDomain").asText()).isEqualTo("_relay.localhost");
  }

  @Test
  void whatIsNoObjectIsRefused() {
    assertThatThrownBy(() -> lone.of("[]".getBytes(UTF_8)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("settings");
  }
}
