package dev.postbus.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.postbus.broker.EmbeddedBroker;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traces through several services on a bus. */
class TracesTest {
  private static final String DOMAIN = "_test.example";
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final TraceContext ASKED =
      new TraceContext("00-" + TRACE + "-b7ad6b7169203331-01", "vendor=x");

  private static final RelayEvent ANSWER =
      new RelayActivity.ConfigApplied("mail-supervisor", 1, List.of(), 5);

  @TempDir static Path bus;
  private static EmbeddedBroker broker;
  @TempDir Path folder;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.startOnFreePorts(bus);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @AfterEach
  void asEver() {
    System.clearProperty(Traces.SETTING);
  }

  @Test
  void whatFollowsFromARequestIsInItsTraceAlsoAfterAStart() throws Exception {
    // Given a change that was asked for as part of a trace
    System.setProperty(Traces.SETTING, "on");
    var config = open("config-asked");
    var id = EventBus.newId();
    config.publish(Samples.config(1), null, id, config.now(), ASKED);
    var change = last(config, Topic.CONFIG_CHANGED);

    // When a service hears of it, ends, and answers in its next life
    var mail = open("mail-asked");
    var follower = new RelayFollower(mail, folder.resolve("applied"), new Nothing());
    follower.configApplied(change.withEvent((ConfigChanged) change.event()));
    mail.close();
    var again = open("mail-asked");
    new RelayFollower(again, folder.resolve("applied"), new Nothing()).close();
    again.publish(ANSWER, id);

    // And another service hears that answer and answers it
    var answer = last(again, Topic.RELAY_ACTIVITY);
    var heard = open("web-asked");
    try (var reader = heard.read(Set.of(Topic.RELAY_ACTIVITY), Map.of(), envelope -> {})) {
      reader.caughtUp().get(10, TimeUnit.SECONDS);
      heard.publish(ANSWER, answer.id());
    }
    var end = last(heard, Topic.RELAY_ACTIVITY);

    // Then all are in the trace, each after the first with a parent id of its own
    assertThat(change.trace()).isEqualTo(ASKED);
    var parents = new ArrayList<String>();
    for (var event : List.of(change, answer, end)) {
      var trace = Objects.requireNonNull(event.trace());
      assertThat(trace.traceId()).isEqualTo(TRACE);
      assertThat(trace.tracestate()).isEqualTo("vendor=x");
      parents.add(trace.traceparent());
    }
    assertThat(parents).doesNotHaveDuplicates();
    for (var one : List.of(config, again, heard)) {
      one.close();
    }
  }

  @Test
  void whatNobodyAskedForBeginsATraceThatAnswersGoOnIn() throws Exception {
    System.setProperty(Traces.SETTING, "on");
    try (var config = open("config-own");
        var mail = open("mail-own")) {
      var id = config.publish(Samples.config(1), null).id();
      mail.publish(ANSWER, id);

      var begun = Objects.requireNonNull(last(config, Topic.CONFIG_CHANGED).trace());
      var answer = Objects.requireNonNull(last(mail, Topic.RELAY_ACTIVITY).trace());

      assertThat(begun.traceId()).isEqualTo(id.replace("-", ""));
      assertThat(answer.traceId()).isEqualTo(begun.traceId());
      assertThat(answer.traceparent()).isNotEqualTo(begun.traceparent());
    }
  }

  @Test
  void whatWasSentByAnotherProcessHasOneToo() {
    System.setProperty(Traces.SETTING, "on");
    var settings = new BusSettings(broker.bootstrap(), DOMAIN, "forwarded", folder, (short) 1);
    var writer = new OutboxWriter("forwarded", folder, Clock.systemUTC());
    var id = writer.publish(Samples.config(1), null).id();
    try (var forwarder = OutboxForwarder.start(settings);
        var reading = open("reading")) {
      assertThat(forwarder).isNotNull();
      await().atMost(Duration.ofSeconds(20)).until(() -> records("forwarded").size() == 1);
      assertThat(reading.traceAfter(id)).isNotNull();
    }
    assertThat(records("forwarded").getFirst().traceparent())
        .startsWith("00-" + id.replace("-", "") + "-");
  }

  @Test
  void theDigestCoversIt() throws Exception {
    System.setProperty(Traces.SETTING, "on");
    try (var writer = open("covered")) {
      writer.publish(Samples.config(1), null, EventBus.newId(), writer.now(), ASKED);
      last(writer, Topic.CONFIG_CHANGED);
    }
    var head = records("covered").getFirst();
    var with = RecordDigest.of(head, new byte[0]);

    assertThat(RecordDigest.of(traced(head, ASKED.traceparent(), "vendor=y"), new byte[0]))
        .isNotEqualTo(with);
    assertThat(RecordDigest.of(traced(head, ASKED.next().traceparent(), "vendor=x"), new byte[0]))
        .isNotEqualTo(with);
    assertThat(RecordDigest.of(traced(head, null, "vendor=x"), new byte[0])).isNotEqualTo(with);
    assertThat(RecordDigest.of(traced(head, ASKED.traceparent(), null), new byte[0]))
        .isNotEqualTo(with);
    assertThat(RecordDigest.of(traced(head, null, null), new byte[0])).isNotEqualTo(with);
  }

  @Test
  void aRecordWithoutOneHasTheDigestThatItAlwaysHad() {
    var head =
        new RecordHead(
            "id",
            "dev.postbus.config-changed.v1",
            "urn:postbus:config-service",
            DOMAIN,
            Instant.parse("2026-11-01T00:00:00Z"),
            1,
            null,
            null,
            null,
            null);

    // Of the parts as docs/events/README.md has them, by another program
    assertThat(RecordDigest.of(head, new byte[] {'{', '}'}))
        .isEqualTo("fbcdf3a79dfc7f86de1bd7a673ebc7efb400e912651f22e7200d5a21bc568024");
  }

  @Test
  void unlessItIsTurnedOnNothingIsWrittenOrRemembered() throws Exception {
    try (var off = open("off")) {
      assertThat(off.traceOf(List.of(ASKED.traceparent()), List.of())).isNull();
      off.publish(Samples.config(1), null, EventBus.newId(), off.now(), ASKED);
      assertThat(last(off, Topic.CONFIG_CHANGED).trace()).isNull();
      assertThat(off.traceAfter(EventBus.newId())).isNull();
    }
    var head = records("off").getFirst();
    assertThat(head.traceparent()).isNull();
    assertThat(head.tracestate()).isNull();
  }

  @Test
  void aBrokenOneOnTheLogIsNoErrorAndIsNotHandedOn() throws Exception {
    System.setProperty(Traces.SETTING, "on");
    try (var producer = KafkaClients.producer(broker.bootstrap());
        var reading = open("reader-of-broken")) {
      var id = EventBus.newId();
      var attributes =
          new EventCodec.Attributes(
              id,
              Samples.config(1).type(),
              URI.create("urn:postbus:broken"),
              DOMAIN,
              reading.now(),
              1,
              null,
              null,
              "00-" + TRACE.toUpperCase(Locale.ROOT) + "-b7ad6b7169203331-01",
              "vendor=x");
      producer
          .send(
              EventCodec.write(
                  Topic.CONFIG_CHANGED, attributes, EventCodec.dataOf(Samples.config(1))))
          .get();

      var heard = new CopyOnWriteArrayList<Envelope<RelayEvent>>();
      try (var reader = reading.read(Set.of(Topic.CONFIG_CHANGED), Map.of(), heard::add)) {
        reader.caughtUp().get(10, TimeUnit.SECONDS);
      }
      assertThat(heard)
          .filteredOn(envelope -> envelope.id().equals(id))
          .singleElement()
          .satisfies(envelope -> assertThat(envelope.trace()).isNull());
      assertThat(Objects.requireNonNull(reading.traceAfter(id)).traceId())
          .isEqualTo(id.replace("-", ""));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "true", "ON", "1", "on,off"})
  void anotherSettingIsRefused(String text) {
    assertThatThrownBy(() -> EventVariables.check(Map.of(Traces.SETTING, text)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("POSTBUS_TRACES must be 'on' or 'off', not '" + text + "'");
  }

  private static RecordHead traced(RecordHead head, String parent, String state) {
    return new RecordHead(
        head.id(),
        head.type(),
        head.source(),
        head.subject(),
        head.time(),
        head.sequence(),
        head.causationId(),
        head.previousDigest(),
        parent,
        state);
  }

  /** The last own event, when all has been sent. */
  private static Envelope<RelayEvent> last(EventBus bus, Topic topic) {
    await().atMost(Duration.ofSeconds(20)).until(bus::allSent);
    var own = new ArrayList<Envelope<RelayEvent>>();
    bus.readOwn(topic, 0, own::add);
    return own.getLast();
  }

  private static List<RecordHead> records(String service) {
    var found = new ArrayList<RecordHead>();
    try (var log = RawLog.open(broker.bootstrap())) {
      log.read(
          Topic.CONFIG_CHANGED,
          log.ranges().get(Topic.CONFIG_CHANGED),
          raw -> {
            try {
              var head = raw.head();
              if (head.source().equals("urn:postbus:" + service)) {
                found.add(head);
              }
            } catch (UnreadableRecord e) {
              throw new IllegalStateException(e);
            }
          });
    }
    return found;
  }

  private EventBus open(String service) {
    return EventBus.open(
        new BusSettings(broker.bootstrap(), DOMAIN, service, folder.resolve(service), (short) 1));
  }

  private static final class Nothing implements ChangeHandler {
    @Override
    public void configChanged(Envelope<ConfigChanged> change) {}

    @Override
    public void certChanged(Envelope<CertChanged> change) {}
  }
}
