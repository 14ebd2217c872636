package dev.postbus.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.events.BusSettings;
import dev.postbus.events.EventBus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without a broker: what was published waits in the outbox. */
class DkimAnnouncementTest {
  @TempDir Path folder;
  private EventBus bus;

  @BeforeEach
  void open() {
    bus =
        EventBus.open(
            new BusSettings(
                "127.0.0.1:1",
                "relay.test",
                "mail-supervisor",
                folder.resolve("outbox"),
                (short) 1));
  }

  @AfterEach
  void close() {
    bus.close();
  }

  @Test
  void eachKeyIsAnnouncedOnce() throws Exception {
    var first = key("relay.test");
    var second = key("relay.test");

    announce(first);
    announce(first);
    assertThat(waiting()).hasSize(1);
    announce(second);
    announce(second);

    assertThat(waiting()).hasSize(2);
    assertThat(waiting().getFirst())
        .contains(
            "dev.postbus.dkim-key-changed.v1",
            first.value(),
            first.fingerprint(),
            "\"selector\":\"opendkim\"",
            "\"domain\":\"relay.test\"");
    assertThat(waiting().getLast()).contains(second.fingerprint());
  }

  @Test
  void theSameKeyForAnotherDomainIsAnnounced() throws Exception {
    var key = key("relay.test");

    announce(key);
    announce(new DkimKey("other.test", key.key()));

    assertThat(waiting()).hasSize(2);
  }

  @Test
  void aCrashBetweenWritingDownAndSayingMakesNoSecondEvent() throws Exception {
    // Given an announcement that was given to the bus, but not noted as said any more
    var key = key("relay.test");
    announce(key);
    var note = folder.resolve("announced.json");
    Files.writeString(note, Files.readString(note).replace("\"said\":true", "\"said\":false"));

    // When the service starts again
    announce(key);

    // Then it is the same event
    assertThat(waiting()).hasSize(1);
    assertThat(note).content().contains("\"said\":true");
  }

  private void announce(DkimKey key) {
    new DkimAnnouncement(folder.resolve("announced.json"), bus).announce(key);
  }

  private List<String> waiting() throws IOException {
    var events = new ArrayList<String>();
    try (var files = Files.list(folder.resolve("outbox"))) {
      for (var file : files.filter(f -> f.toString().matches(".*/\\d+\\.json")).sorted().toList()) {
        events.add(Files.readString(file));
      }
    }
    return events;
  }

  private static DkimKey key(String domain) throws Exception {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    return new DkimKey(domain, (RSAPublicKey) generator.generateKeyPair().getPublic());
  }
}
