package dev.postbus.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.broker.EmbeddedBroker;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelayFollowerTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path folder;
  private EmbeddedBroker broker;
  private EventBus writer;
  private EventBus bus;

  @BeforeEach
  void start() {
    broker =
        EmbeddedBroker.startOnFreePorts(
            folder.resolve("bus"), Map.of("message.max.bytes", "" + (16 << 20)));
    writer = open("config-service", broker.bootstrap());
    bus = open("mail-supervisor", broker.bootstrap());
  }

  @AfterEach
  void stop() {
    bus.close();
    writer.close();
    broker.close();
  }

  /** Applies everything and remembers it. */
  private static final class Applier implements ChangeHandler {
    final List<Long> versions = new CopyOnWriteArrayList<>();
    RelayFollower follower;

    @Override
    public void configChanged(Envelope<ConfigChanged> change) {
      versions.add(change.event().version());
      follower.configApplied(change);
    }

    @Override
    public void certChanged(Envelope<CertChanged> change) {
      follower.certApplied(change);
    }
  }

  @Test
  void isGivenOnlyTheNewestOfWhatItMissedAndThenEachChangeOnce() {
    for (int version = 1; version <= 3; version++) {
      writer.publish(Samples.config(version), null);
    }
    await().atMost(LONG).until(writer::allSent);

    var applier = new Applier();
    try (var follower = follow(bus, applier)) {
      await().atMost(LONG).until(follower::caughtUp);
      assertThat(applier.versions).containsExactly(3L);

      writer.publish(Samples.config(4), null);
      await().atMost(LONG).until(() -> applier.versions.contains(4L));
    }

    // And after a restart, what was applied is known at once and not handed on again
    var next = new Applier();
    try (var follower = follow(bus, next)) {
      assertThat(follower.appliedConfig().orElseThrow().event()).isEqualTo(Samples.config(4));
      await().atMost(LONG).until(follower::caughtUp);
      writer.publish(Samples.config(5), null);
      await().atMost(LONG).until(() -> next.versions.contains(5L));
      assertThat(next.versions).containsExactly(5L);
    }
  }

  @Test
  void knowsWhatWasAppliedWithoutTheBus() {
    writer.publish(Samples.cert(1), null);
    var applier = new Applier();
    try (var follower = follow(bus, applier)) {
      await().atMost(LONG).until(() -> follower.appliedCert().isPresent());
    }

    try (var alone = open("mail-supervisor", "127.0.0.1:1");
        var follower = follow(alone, new Applier())) {
      assertThat(follower.appliedCert().orElseThrow().event()).isEqualTo(Samples.cert(1));
      assertThat(follower.caughtUp()).isFalse();
    }
  }

  @Test
  void aRecordThatCannotBeReadBecomesADeadLetterOnce() throws Exception {
    writer.publish(Samples.config(1), null);
    await().atMost(LONG).until(writer::allSent);
    try (var producer = KafkaClients.producer(broker.bootstrap())) {
      producer
          .send(
              new ProducerRecord<>(
                  Topic.CONFIG_CHANGED.kafkaName(), "k", "rot".getBytes(StandardCharsets.UTF_8)))
          .get();
    }
    for (int start = 0; start < 2; start++) {
      var applier = new Applier();
      try (var follower = follow(bus, applier)) {
        await().atMost(LONG).until(follower::caughtUp);
        await().atMost(LONG).until(bus::allSent);
      }
    }

    var letters = new CopyOnWriteArrayList<RelayEvent>();
    try (var reader = bus.read(Set.of(Topic.DEAD_LETTER), Map.of(), e -> letters.add(e.event()))) {
      reader.caughtUp().orTimeout(20, TimeUnit.SECONDS).join();
    }
    assertThat(letters).hasSize(1);
    var letter = (DeadLetter) letters.getFirst();
    assertThat(letter.offset()).isEqualTo(1);
    assertThat(letter.reader()).isEqualTo("mail-supervisor");
    assertThat(letter.reason()).contains("CloudEvent");
  }

  @Test
  void whateverIsOnTheBusAReaderGoesOn() throws Exception {
    // Given records of all kinds that no service writes, between two that one did
    writer.publish(Samples.config(1), null);
    await().atMost(LONG).until(writer::allSent);
    var data = EventCodec.dataOf(Samples.config(2));
    var half = Arrays.copyOf(data, data.length / 2);
    try (var producer = KafkaClients.rawProducer(broker.bootstrap())) {
      for (var kafka :
          List.of(
              record("dev.postbus.moon-phase.v1", "_test.example", data),
              record("dev.postbus.config-changed.v2", "_test.example", data),
              record("dev.postbus.config-changed.v1", "_test.example", half),
              record("dev.postbus.config-changed.v1", "_test.example", new byte[10 << 20]),
              record("dev.postbus.config-changed.v1", "another.example", data),
              record("dev.postbus.cert-changed.v1", "_test.example", data),
              without("ce_id", data),
              without("ce_time", data),
              without("ce_subject", data),
              without("ce_sequence", data))) {
        producer.send(kafka).get();
      }
    }
    writer.publish(Samples.config(3), null);

    // When they are followed
    var applier = new Applier();
    try (var follower = follow(bus, applier)) {
      // Then what a service wrote is applied, and nothing else
      await().atMost(LONG).until(() -> applier.versions.contains(3L));
      assertThat(follower.appliedConfig().orElseThrow().event()).isEqualTo(Samples.config(3));
      assertThat(applier.versions).doesNotContain(2L);
      await().atMost(LONG).until(bus::allSent);
    }

    // And each becomes a dead letter with the reason, but for those of unknown kinds
    var letters = new CopyOnWriteArrayList<DeadLetter>();
    try (var reader =
        bus.read(Set.of(Topic.DEAD_LETTER), Map.of(), e -> letters.add((DeadLetter) e.event()))) {
      reader.caughtUp().orTimeout(20, TimeUnit.SECONDS).join();
    }
    assertThat(letters)
        .extracting(letter -> letter.offset() + " " + letter.reason())
        .satisfiesExactly(
            reason -> assertThat(reason).startsWith("3 data of dev.postbus.config-changed.v1"),
            reason -> assertThat(reason).startsWith("4 data of dev.postbus.config-changed.v1"),
            reason -> assertThat(reason).startsWith("5 ").contains("another.example"),
            reason -> assertThat(reason).startsWith("6 data of dev.postbus.cert-changed.v1"),
            reason -> assertThat(reason).startsWith("7 not a CloudEvent").contains("id"),
            reason -> assertThat(reason).startsWith("8 attribute time missing"),
            reason -> assertThat(reason).startsWith("9 attribute subject missing"),
            reason -> assertThat(reason).startsWith("10 attribute sequence"));
    assertThat(letters).allMatch(letter -> letter.content().length() < 11_000);
  }

  private static ProducerRecord<byte[], byte[]> record(String type, String subject, byte[] data) {
    var attributes =
        new EventCodec.Attributes(
            EventBus.newId(),
            type,
            URI.create("urn:postbus:stranger"),
            subject,
            Instant.parse("2026-01-01T00:00:00Z"),
            1,
            null,
            null,
            null,
            null);
    var kafka = EventCodec.write(Topic.CONFIG_CHANGED, attributes, data);
    return new ProducerRecord<>(
        kafka.topic(), 0, subject.getBytes(StandardCharsets.UTF_8), kafka.value(), kafka.headers());
  }

  private static ProducerRecord<byte[], byte[]> without(String header, byte[] data) {
    var whole = record("dev.postbus.config-changed.v1", "_test.example", data);
    whole.headers().remove(header);
    return whole;
  }

  private RelayFollower follow(EventBus with, Applier applier) {
    var follower = new RelayFollower(with, folder.resolve("applied.json"), applier);
    applier.follower = follower;
    follower.start();
    return follower;
  }

  private EventBus open(String service, String bootstrap) {
    return EventBus.open(
        new BusSettings(bootstrap, "_test.example", service, folder.resolve(service), (short) 1));
  }
}
