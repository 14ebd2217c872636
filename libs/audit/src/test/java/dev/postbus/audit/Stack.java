package dev.postbus.audit;

import static org.awaitility.Awaitility.await;

import dev.postbus.broker.EmbeddedBroker;
import dev.postbus.events.BusSettings;
import dev.postbus.events.ConfigChanged;
import dev.postbus.events.EventBus;
import dev.postbus.events.KeyChange;
import dev.postbus.events.RawLog;
import dev.postbus.events.RelayActivity;
import dev.postbus.events.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Real writers on a real broker. */
final class Stack {
  static final String DOMAIN = "_audit.example";
  static final Duration LONG = Duration.ofSeconds(30);

  private Stack() {}

  static EventBus writer(EmbeddedBroker broker, String service, Path folder) {
    return EventBus.open(
        new BusSettings(broker.bootstrap(), DOMAIN, service, folder.resolve(service), (short) 1));
  }

  static ConfigChanged config(long version) {
    return new ConfigChanged(
        version,
        Map.of("mail_domain", DOMAIN, "max_message_size", "" + version),
        List.of(new KeyChange("max_message_size", null, "" + version, "ini")),
        "00".repeat(32),
        "api:=cmd",
        "because",
        null);
  }

  static RelayActivity ready(String service, long pid) {
    return new RelayActivity.ProcessReady(service, "postfix", pid, 5);
  }

  static void awaitSent(EventBus bus) {
    await().pollInterval(Duration.ofMillis(5)).atMost(LONG).until(bus::allSent);
  }

  static void awaitRecords(EmbeddedBroker broker, Topic topic, long wanted) {
    try (var log = RawLog.open(broker.bootstrap())) {
      await()
          .pollInterval(Duration.ofMillis(20))
          .atMost(LONG)
          .until(() -> log.ranges().getOrDefault(topic, new RawLog.Range(0, 0)).to() >= wanted);
    }
  }
}
