package dev.postbus.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.postbus.broker.BrokerSettings;
import dev.postbus.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bus with the real broker; each test is a service of its own name. */
class EventBusTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Set<Topic> ALL = Set.of(Topic.values());

  @TempDir static Path data;
  @TempDir Path folder;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.startOnFreePorts(data);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void anotherProcessSendsWhatIsWrittenToAnOutbox() {
    // Given events of a process that has no way to the bus, before and while another one has
    var writer = new OutboxWriter("by-outbox", folder, Clock.systemUTC());
    var ids = new ArrayList<String>();
    ids.add(writer.publish(Samples.config(1), null).id());
    var settings =
        new BusSettings(broker.bootstrap(), "_test.example", "by-outbox", folder, (short) 1);
    var source = settings.source();
    var onlooker =
        EventBus.open(
            new BusSettings(
                broker.bootstrap(),
                "_test.example",
                "onlooker",
                folder.resolve("other"),
                (short) 1));
    var forwarder = OutboxForwarder.start(settings);
    try (forwarder;
        onlooker) {
      ids.add(writer.publish(Samples.cert(1), "cause").id());

      // Then both are on the bus as events of that process, in one sequence
      var events = new CopyOnWriteArrayList<Envelope<RelayEvent>>();
      try (var reader = onlooker.read(ALL, Map.of(), events::add)) {
        reader.caughtUp();
        await()
            .atMost(LONG)
            .until(() -> events.stream().filter(e -> e.source().equals(source)).count() == 2);
        var read = events.stream().filter(e -> e.source().equals(source)).toList();
        assertThat(read).extracting(Envelope::id).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(read).extracting(Envelope::causationId).contains("cause");
      }
      await().atMost(LONG).until(() -> new Outbox(folder).isEmpty());
    }
  }

  @Test
  void everyKindOfEventComesBackAsItWas() {
    try (var bus = open("round-trip")) {
      var ids = Samples.all().stream().map(event -> bus.publish(event, "cause").id()).toList();

      var read = readOwn(bus, Samples.all().size());

      assertThat(read).extracting(Envelope::id).containsExactlyInAnyOrderElementsOf(ids);
      assertThat(read)
          .extracting(Envelope::event)
          .containsExactlyInAnyOrderElementsOf(Samples.all());
      assertThat(read).allMatch(e -> "cause".equals(e.causationId()));
      assertThat(read).allMatch(e -> e.subject().equals("_test.example"));
    }
  }

  @Test
  void manyEventsWrittenInARowAreAWholeChain() {
    try (var bus = open("beside-bulk");
        var writer = BulkWriter.open(broker.bootstrap(), "_test.example", Clock.systemUTC())) {
      // Given topics, and several thousand events in a row
      bus.publish(Samples.config(1), null);
      await().atMost(LONG).until(bus::allSent);
      for (int i = 1; i <= 5_000; i++) {
        writer.write(new RelayActivity.ProcessReady("bulk", "process", i, 1));
      }
      writer.flush();

      // When they are read
      var read = new CopyOnWriteArrayList<Envelope<RelayEvent>>();
      var chain = new DigestChain();
      var broken = new CopyOnWriteArrayList<String>();
      try (var reader =
          bus.read(
              List.of(Topic.RELAY_ACTIVITY),
              Map.of(),
              envelope -> {
                if (envelope.source().equals(writer.source())) {
                  read.add(envelope);
                  chain.next(envelope).ifPresent(broken::add);
                }
              })) {
        reader.caughtUp().orTimeout(20, TimeUnit.SECONDS).join();
        await().atMost(LONG).until(() -> read.size() == 5_000);
      }

      // Then they are all there, in order, each with the digest of the one before
      assertThat(broken).isEmpty();
      assertThat(read.getLast().sequence()).isEqualTo(5_000);
    }
  }

  @Test
  void theChainHoldsAcrossRestartsAndALostOutboxFolder() throws IOException {
    // Given records of three lives of a service, the last without its cached head
    for (int life = 0; life < 3; life++) {
      try (var bus = open("chained")) {
        bus.publish(Samples.config(2 * life + 1), null);
        bus.publish(Samples.config(2 * life + 2), null);
        await().atMost(LONG).until(bus::allSent);
      }
      Files.deleteIfExists(life == 1 ? folder.resolve("heads") : folder.resolve("none"));
    }

    // Then they count without gaps and each fits to the one before
    try (var bus = open("chained")) {
      var read = readOwn(bus, 6);
      assertThat(read).extracting(Envelope::sequence).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
      var chain = new DigestChain();
      assertThat(read).allMatch(record -> chain.next(record).isEmpty());
    }
  }

  @Test
  void theChainShowsARemovedAndAnAlteredRecord() {
    try (var bus = open("attacked")) {
      for (int i = 1; i <= 3; i++) {
        bus.publish(Samples.config(i), null);
      }
      var read = readOwn(bus, 3);

      var gap = new DigestChain();
      gap.next(read.get(0));
      assertThat(gap.next(read.get(2))).hasValueSatisfying(why -> assertThat(why).contains("3"));

      var altered = new DigestChain();
      var first = read.get(0);
      altered.next(
          new Envelope<>(
              first.id(),
              first.source(),
              first.subject(),
              first.time(),
              first.sequence(),
              first.causationId(),
              first.previousDigest(),
              "another digest",
              first.offset(),
              first.event(),
              first.trace()));
      assertThat(altered.next(read.get(1)))
          .hasValueSatisfying(why -> assertThat(why).contains("altered"));
    }
  }

  @Test
  void anEventWhoseAcknowledgementWasLostInACrashIsNotSentTwice() throws IOException {
    // Given an event that is on the log while its outbox file and no newer head are still there
    try (var bus = open("crashed")) {
      bus.publish(Samples.config(1), null);
      await().atMost(LONG).until(bus::allSent);
    }
    var heads = Files.readAllBytes(folder.resolve("heads"));
    Path kept;
    try (var paused = open("crashed", "127.0.0.1:1")) {
      paused.publish(Samples.config(2), null);
      kept = onlyEntry();
    }
    var entry = Files.readAllBytes(kept);
    try (var bus = open("crashed")) {
      bus.publish(Samples.config(3), null);
      await().atMost(LONG).until(bus::allSent);
    }
    Files.write(kept, entry);
    Files.write(folder.resolve("heads"), heads);

    // When the service starts again
    try (var bus = open("crashed")) {
      bus.publish(Samples.config(4), null);
      await().atMost(LONG).until(bus::allSent);

      // Then it is there once, and nothing is missing
      var read = readOwn(bus, 4);
      assertThat(read)
          .extracting(e -> ((ConfigChanged) e.event()).version())
          .containsExactly(1L, 2L, 3L, 4L);
      assertThat(read).extracting(Envelope::sequence).containsExactly(1L, 2L, 3L, 4L);
    }
  }

  @Test
  void publishingAgainUnderTheSameIdIsOneEvent() {
    try (var bus = open("repeated")) {
      bus.publish(Samples.config(1), null, "kept-id", bus.now());
      bus.publish(Samples.config(1), null, "kept-id", bus.now());
      await().atMost(LONG).until(bus::allSent);
      bus.publish(Samples.config(1), null, "kept-id", bus.now());
      bus.publish(Samples.config(2), null);

      assertThat(readOwn(bus, 2)).extracting(Envelope::sequence).containsExactly(1L, 2L);
    }
  }

  @Test
  void eventsWaitForABrokerThatIsAway(@TempDir Path ownData) {
    // Given a broker that was there once and is not now
    var own = EmbeddedBroker.startOnFreePorts(ownData);
    var settings = own.settings();
    own.close();
    try (var bus = open("patient", settings.host() + ":" + settings.port())) {
      bus.publish(Samples.config(1), null);
      assertThat(bus.allSent()).isFalse();

      // When it comes, then so do the events
      try (var again = EmbeddedBroker.start(settings)) {
        assertThat(again.bootstrap()).isNotEmpty();
        await().atMost(LONG).until(bus::allSent);
        assertThat(bus.connected()).isTrue();
      }
    }
  }

  @Test
  void aBrokerThatHasForgottenAllIsNoticedWithoutAnythingToSend(@TempDir Path ownData) {
    var reached = new AtomicInteger();
    var first = EmbeddedBroker.startOnFreePorts(ownData.resolve("first"));
    var where = first.settings();
    var settings = new BusSettings(first.bootstrap(), "_test.example", "idle", folder, (short) 1);
    try (var bus = EventBus.open(settings, reached::incrementAndGet)) {
      bus.publish(Samples.config(1), null);
      await().atMost(LONG).until(bus::allSent);
      assertThat(reached).hasValue(1);

      first.close();
      var forgetful =
          new BrokerSettings(
              ownData.resolve("second"), where.host(), where.port(), where.controllerPort());
      try (var second = EmbeddedBroker.start(forgetful)) {
        assertThat(second.bootstrap()).isEqualTo(settings.bootstrap());
        await().atMost(LONG).until(() -> reached.get() > 1);
      }
    }
  }

  @Test
  void aBrokerThatHasForgottenAllIsNoticedWhenItTakesWhatWasBeingSent(@TempDir Path ownData) {
    var reached = new AtomicInteger();
    var first = EmbeddedBroker.startOnFreePorts(ownData.resolve("first"));
    var where = first.settings();
    var settings = new BusSettings(first.bootstrap(), "_test.example", "busy", folder, (short) 1);
    try (var bus = EventBus.open(settings, reached::incrementAndGet)) {
      bus.publish(Samples.config(1), null);
      await().atMost(LONG).until(bus::allSent);

      // When another broker, whose topics others have made, answers in the middle of sending
      first.close();
      bus.publish(Samples.config(2), null);
      var forgetful =
          new BrokerSettings(
              ownData.resolve("second"), where.host(), where.port(), where.controllerPort());
      try (var second = EmbeddedBroker.start(forgetful);
          var other =
              EventBus.open(
                  new BusSettings(
                      second.bootstrap(),
                      "_test.example",
                      "other",
                      folder.resolve("other"),
                      (short) 1))) {
        await().atMost(LONG).until(other::connected);
        await().atMost(LONG).until(bus::allSent);

        // Then what it lacks can be told to it
        await().atMost(LONG).until(() -> reached.get() > 1);
      }
    }
  }

  @Test
  void badRecordsAreReportedAndDoNotStopAReader() throws Exception {
    try (var bus = open("tolerant");
        var producer = KafkaClients.producer(broker.bootstrap())) {
      bus.publish(Samples.config(1), null);
      await().atMost(LONG).until(bus::allSent);
      var topic = Topic.CONFIG_CHANGED.kafkaName();
      producer.send(new ProducerRecord<>(topic, "k", "{".getBytes(StandardCharsets.UTF_8))).get();
      var unknown =
          EventCodec.write(
              Topic.CONFIG_CHANGED,
              new EventCodec.Attributes(
                  "u",
                  "dev.postbus.moon-phase.v9",
                  bus.source(),
                  "_test.example",
                  bus.now(),
                  2,
                  null,
                  null,
                  null,
                  null),
              new byte[] {'{', '}'});
      producer.send(unknown).get();
      bus.publish(Samples.config(2), null);

      var events = new CopyOnWriteArrayList<Envelope<RelayEvent>>();
      var problems = new CopyOnWriteArrayList<String>();
      try (var reader =
          bus.read(
              Set.of(Topic.CONFIG_CHANGED),
              Map.of(),
              new EventHandler() {
                @Override
                public void event(Envelope<RelayEvent> envelope) {
                  events.add(envelope);
                }

                @Override
                public void unreadable(
                    ConsumerRecord<String, byte[]> kafka, UnreadableRecord reason) {
                  problems.add(reason.getMessage() + reason.unknownType());
                }
              })) {
        await()
            .atMost(LONG)
            .until(
                () -> own(events, bus).stream().anyMatch(e -> e.event().equals(Samples.config(2))));
        assertThat(reader.caughtUp().isDone()).isTrue();
      }
      assertThat(problems)
          .anyMatch(p -> p.contains("not a CloudEvent"))
          .anyMatch(p -> p.equals("unknown event type dev.postbus.moon-phase.v9true"));
    }
  }

  @Test
  void anEventOfAnOlderProgramLacksWhatWasAddedSinceAndNothingElse() throws Exception {
    var data = (ObjectNode) EventCodec.JSON.valueToTree(Samples.config(1));
    data.remove(List.of("reason", "origins"));
    var older = EventCodec.JSON.treeToValue(data, ConfigChanged.class);
    assertThat(older.origins()).isNull();
    assertThat(older.actor()).isEqualTo("startup");

    data.remove("actor");
    assertThatThrownBy(() -> EventCodec.JSON.treeToValue(data, ConfigChanged.class))
        .hasMessageContaining("actor");
  }

  @Test
  void beforeItSendsAServiceCanReadWhatIsThereAndTakeBackWhatWaits() {
    // Given an event on the bus, and two that wait
    try (var bus = open("reconsidering")) {
      bus.publish(Samples.config(1), null, "first", bus.now());
      await().atMost(LONG).until(bus::allSent);
    }
    try (var away = open("reconsidering", "127.0.0.1:1")) {
      away.publish(Samples.config(2), null, "unwanted", away.now());
      away.publish(Samples.config(3), null, "wanted", away.now());
    }

    // When the service takes one back as soon as it has seen what is there
    var seen = new CopyOnWriteArrayList<String>();
    var opened = new CompletableFuture<EventBus>();
    var settings =
        new BusSettings(broker.bootstrap(), "_test.example", "reconsidering", folder, (short) 1);
    try (var bus =
        EventBus.open(
            settings,
            () -> {
              var own = opened.join();
              own.readOwn(Topic.CONFIG_CHANGED, 0, envelope -> seen.add(envelope.id()));
              own.withdraw("unwanted");
            })) {
      opened.complete(bus);

      // Then the other one alone is sent
      assertThat(readOwn(bus, 2)).extracting(Envelope::id).containsExactly("first", "wanted");
      assertThat(seen).containsExactly("first");
    }
  }

  private Path onlyEntry() throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".json")).findFirst().orElseThrow();
    }
  }

  private EventBus open(String service) {
    return open(service, broker.bootstrap());
  }

  private EventBus open(String service, String bootstrap) {
    return EventBus.open(new BusSettings(bootstrap, "_test.example", service, folder, (short) 1));
  }

  private static List<Envelope<RelayEvent>> own(List<Envelope<RelayEvent>> events, EventBus bus) {
    return events.stream()
        .filter(e -> e.source().equals(bus.source()))
        // What the bus signs by itself is not asked for here.
        .filter(
            e -> !(e.event() instanceof Checkpoint made && made.service().equals(bus.service())))
        .toList();
  }

  private static List<Envelope<RelayEvent>> readOwn(EventBus bus, int count) {
    await().atMost(LONG).until(bus::allSent);
    var events = new CopyOnWriteArrayList<Envelope<RelayEvent>>();
    try (var reader = bus.read(ALL, Map.of(), events::add)) {
      reader.caughtUp().orTimeout(20, TimeUnit.SECONDS).join();
      var read = new ArrayList<>(own(events, bus));
      assertThat(read).hasSize(count);
      return read;
    }
  }
}
