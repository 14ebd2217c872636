package dev.postbus.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.postbus.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a real broker that wants TLS and a password. */
class BusSecurityTest {
  private static final String STORE_PASSWORD = "of-the-store";
  private static final String PASSWORD = "of-the-relay";

  @TempDir Path folder;

  @AfterEach
  void forget() {
    System.clearProperty("postbus.bus.client");
  }

  @Test
  void aServiceShowsItselfToABrokerThatWantsIt() throws Exception {
    try (var broker =
        EmbeddedBroker.startOnFreePorts(folder.resolve("broker"), wantingAll(keyStore()))) {
      System.setProperty("postbus.bus.client", client(PASSWORD).toString());
      var settings =
          new BusSettings(
              broker.bootstrap(), "_test.example", "known", folder.resolve("a"), (short) 1);
      var seen = new CopyOnWriteArrayList<Long>();
      try (var bus = EventBus.open(settings)) {
        bus.publish(Samples.config(1), null);
        await().atMost(Duration.ofSeconds(30)).until(bus::allSent);
        try (var reader =
            bus.read(
                Set.of(Topic.CONFIG_CHANGED),
                Map.of(),
                envelope -> seen.add(envelope.sequence()))) {
          await().atMost(Duration.ofSeconds(30)).until(() -> !seen.isEmpty());
          assertThat(reader.caughtUp()).isCompleted();
        }
      }

      // Whoever has another password is not let in, and what he wanted to send waits
      System.setProperty("postbus.bus.client", client("guessed").toString());
      var other =
          new BusSettings(
              broker.bootstrap(), "_test.example", "unknown", folder.resolve("b"), (short) 1);
      try (var bus = EventBus.open(other)) {
        bus.publish(Samples.config(1), null);
        assertThatThrownBy(() -> EventReader.ends(broker.bootstrap(), Set.of(Topic.CONFIG_CHANGED)))
            .hasMessageContaining("Authentication failed");
        assertThat(bus.connected()).isFalse();
        assertThat(bus.allSent()).isFalse();
      }
    }
  }

  @Test
  void whatIsNotAboutSecurityIsRefusedByName() throws IOException {
    var file = Files.writeString(folder.resolve("client"), "bootstrap.servers=elsewhere:9092\n");

    assertThatThrownBy(() -> BusSecurity.of(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll(file.toString(), "bootstrap.servers", "sasl.");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> BusSecurity.of(folder.resolve("none")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(folder.resolve("none").toString());
  }

  private Path keyStore() throws Exception {
    var store = folder.resolve("store.p12");
    var made =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "broker",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=broker",
                    "-ext",
                    "san=ip:127.0.0.1",
                    "-keystore",
                    store.toString(),
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    STORE_PASSWORD))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.out").toFile())
            .start();
    assertThat(made.waitFor()).isZero();
    return store;
  }

  private static Map<String, String> wantingAll(Path store) {
    return Map.ofEntries(
        Map.entry("listener.security.protocol.map", "PLAINTEXT:SASL_SSL,CONTROLLER:PLAINTEXT"),
        Map.entry("inter.broker.listener.name", "PLAINTEXT"),
        Map.entry("sasl.mechanism.inter.broker.protocol", "PLAIN"),
        Map.entry("sasl.enabled.mechanisms", "PLAIN"),
        Map.entry(
            "listener.name.plaintext.plain.sasl.jaas.config",
            "org.apache.kafka.common.security.plain.PlainLoginModule required"
                + " username=\"broker\" password=\"b\" user_broker=\"b\" user_relay=\"%s\";"
                    .formatted(PASSWORD)),
        Map.entry("ssl.keystore.type", "PKCS12"),
        Map.entry("ssl.keystore.location", store.toString()),
        Map.entry("ssl.keystore.password", STORE_PASSWORD),
        Map.entry("ssl.truststore.type", "PKCS12"),
        Map.entry("ssl.truststore.location", store.toString()),
        Map.entry("ssl.truststore.password", STORE_PASSWORD));
  }

  private Path client(String password) throws IOException {
    return Files.writeString(
        folder.resolve("client.properties"),
        """
        security.protocol=SASL_SSL
        sasl.mechanism=PLAIN
        sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \
        username="relay" password="%s";
        ssl.truststore.type=PKCS12
        ssl.truststore.location=%s
        ssl.truststore.password=%s
        """
            .formatted(password, folder.resolve("store.p12"), STORE_PASSWORD));
  }
}
