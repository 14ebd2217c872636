package dev.postbus.web.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.broker.EmbeddedBroker;
import dev.postbus.events.BulkWriter;
import dev.postbus.events.BusSettings;
import dev.postbus.events.ConfigChanged;
import dev.postbus.events.EventBus;
import dev.postbus.events.LogPages;
import dev.postbus.events.LoggedRecord;
import dev.postbus.events.RawLog;
import dev.postbus.events.RelayActivity;
import dev.postbus.events.Topic;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Pages of a real log; the last test makes it long. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TimelineTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String DOMAIN = "_test.example";
  private static final int MANY = 25_000;

  @TempDir static Path folder;
  private static EmbeddedBroker broker;
  private static EventBus bus;
  private static LogPages log;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.startOnFreePorts(folder.resolve("bus"));
    bus =
        EventBus.open(
            new BusSettings(
                broker.bootstrap(), DOMAIN, "config-service", folder.resolve("outbox"), (short) 1));
    log = new LogPages(broker.bootstrap());
  }

  @AfterAll
  static void stop() {
    log.close();
    bus.close();
    broker.close();
  }

  private static EventBus.Published config(long version) {
    return bus.publish(
        new ConfigChanged(version, Map.of(), List.of(), "00".repeat(32), "startup", null, null),
        null);
  }

  @Test
  @Order(1)
  void aChainHasACauseWithAllThatAnswersIt() {
    // Given a change, what a service did about it, and what came of that; and something else
    config(1);
    var cause = config(2);
    var applied =
        bus.publish(
            new RelayActivity.ConfigApplied("mail-supervisor", 2, List.of(), 50), cause.id());
    bus.publish(
        new RelayActivity.ConfigRejected("web-service", 2, "nginx", "no", 1L, 60), cause.id());
    var last =
        bus.publish(
            new RelayActivity.ProcessReloaded("mail-supervisor", "postfix", 7, 5), applied.id());
    bus.publish(new RelayActivity.ProcessReloaded("web-service", "nginx", 8, 5), null);
    await().atMost(LONG).until(bus::allSent);

    // Then it is the same one from wherever one comes
    for (var place :
        List.of(new Place(Topic.CONFIG_CHANGED, 1), new Place(Topic.RELAY_ACTIVITY, 2))) {
      var chain = new Chain(log).of(place.topic(), place.offset()).orElseThrow();
      assertThat(chain.causeMissing()).isFalse();
      assertThat(chain.first().record().id()).isEqualTo(cause.id());
      assertThat(chain.first().effects())
          .extracting(effect -> effect.record().type())
          .containsExactlyInAnyOrder("config-applied", "config-rejected");
      assertThat(ids(chain.first())).contains(applied.id(), last.id()).hasSize(4);
    }
    assertThat(new Chain(log).of(Topic.RELAY_ACTIVITY, 99)).isEmpty();
  }

  private record Place(Topic topic, long offset) {}

  private static List<String> ids(Chain.Link link) {
    return Stream.concat(
            Stream.of(link.record().id()),
            link.effects().stream().flatMap(one -> ids(one).stream()))
        .toList();
  }

  @Test
  @Order(2)
  void theCauseOfWhatAnswersNothingKnownIsSaidToBeMissing() {
    bus.publish(new RelayActivity.ProcessReloaded("web-service", "nginx", 8, 5), "gone");
    await().atMost(LONG).until(bus::allSent);
    var end = log.bounds(List.of(Topic.RELAY_ACTIVITY)).get(Topic.RELAY_ACTIVITY);

    var chain = new Chain(log).of(Topic.RELAY_ACTIVITY, end.end() - 1).orElseThrow();

    assertThat(chain.causeMissing()).isTrue();
  }

  @Test
  @Order(3)
  void pagesHoldEveryRecordOnceTheNewestFirst() {
    // Given a long log of several topics
    var timeline = new Timeline(log);
    try (var writer = BulkWriter.open(broker.bootstrap(), DOMAIN, Clock.systemUTC())) {
      for (int i = 0; i < MANY; i++) {
        writer.write(new RelayActivity.ProcessReloaded("mail-supervisor", "dovecot", i, 1));
      }
      writer.flush();
    }
    config(3);
    await().atMost(LONG).until(bus::allSent);

    // When one goes from page to page
    var seen = new ArrayList<LoggedRecord>();
    Position position = null;
    for (int i = 0; i < 10; i++) {
      var page = timeline.page(Filter.ALL, position);
      assertThat(page.records()).hasSize(Timeline.PAGE);
      seen.addAll(page.records());
      position = page.older();
      assertThat(Position.parse(String.valueOf(position))).contains(position);
    }

    // Then all is there, and nothing twice
    assertThat(seen.getFirst().type()).isEqualTo("config-changed");
    assertThat(seen).extracting(LoggedRecord::id).doesNotHaveDuplicates();
    assertThat(seen.subList(1, seen.size()).reversed())
        .extracting(LoggedRecord::offset)
        .isEqualTo(
            Stream.iterate(seen.getLast().offset(), offset -> offset + 1)
                .limit(seen.size() - 1)
                .toList());
  }

  @Test
  @Order(4)
  void aFilterLooksOnlySoFarAndGoesOnFromThere() {
    var timeline = new Timeline(log);
    var rejected = new Filter(null, "config-rejected", "", null, null);

    // What is rare stands behind all that
    var page = timeline.page(rejected, null);
    assertThat(page.records()).isEmpty();
    assertThat(page.cutShort()).isTrue();
    assertThat(page.lookedAt()).isEqualTo(Timeline.MOST_LOOKED_AT);
    var pages = 1;
    while (page.records().isEmpty()) {
      page = timeline.page(rejected, page.older());
      pages++;
    }

    assertThat(page.records()).extracting(LoggedRecord::type).containsOnly("config-rejected");
    assertThat(page.older()).isNull();
    assertThat(pages).isEqualTo(MANY / Timeline.MOST_LOOKED_AT + 1);
  }

  @Test
  @Order(5)
  void aTimeLeadsStraightToWhatHappenedThen() throws Exception {
    var timeline = new Timeline(log);
    var before = log.read(Topic.CONFIG_CHANGED, 1, 2).getFirst();

    var page = timeline.page(new Filter(null, "", "", null, before.recorded().plusMillis(1)), null);
    assertThat(page.records()).extracting(LoggedRecord::id).contains(before.id());
    assertThat(page.records()).allMatch(record -> !record.recorded().isAfter(before.recorded()));

    var since =
        timeline.page(new Filter(Topic.CONFIG_CHANGED, "", "", before.recorded(), null), null);
    assertThat(since.older()).isNull();
    assertThat(since.records()).extracting(LoggedRecord::id).contains(before.id());
    assertThat(since.records().getFirst().event().event())
        .isInstanceOfSatisfying(
            ConfigChanged.class, event -> assertThat(event.version()).isEqualTo(3));
  }

  @Test
  @Order(6)
  void aLogWhoseBeginningWasRemovedEndsThere() {
    // Given a log of which only the newest are left
    var cut = log.bounds(List.of(Topic.RELAY_ACTIVITY)).get(Topic.RELAY_ACTIVITY).end() - 70;
    RawLog.removeBefore(
        broker.bootstrap(), Map.of(Topic.RELAY_ACTIVITY, cut, Topic.CONFIG_CHANGED, 2L));
    var timeline = new Timeline(log);

    // When one goes from page to page, also from a place that is not there any more
    var first = timeline.page(Filter.ALL, null);
    var second = timeline.page(Filter.ALL, first.older());
    var gone = new Position(Map.of(Topic.RELAY_ACTIVITY, cut - 5, Topic.CONFIG_CHANGED, 1L));

    // Then all is there that is left, and nothing else
    assertThat(first.records()).hasSize(Timeline.PAGE);
    assertThat(second.records()).hasSize(71 - Timeline.PAGE);
    assertThat(second.older()).isNull();
    assertThat(timeline.page(Filter.ALL, gone).records()).isEmpty();
    assertThat(new Chain(log).of(Topic.RELAY_ACTIVITY, cut - 1)).isEmpty();
    assertThat(new Chain(log).of(Topic.RELAY_ACTIVITY, cut)).isPresent();
  }
}
