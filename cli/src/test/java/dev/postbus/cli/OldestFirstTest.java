package dev.postbus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.events.DeadLetter;
import dev.postbus.events.Envelope;
import dev.postbus.events.RelayActivity;
import dev.postbus.events.RelayEvent;
import dev.postbus.events.Topic;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class OldestFirstTest {
  private static final Set<Topic> TWO = EnumSet.of(Topic.RELAY_ACTIVITY, Topic.DEAD_LETTER);

  private final List<Long> taken = new ArrayList<>();

  @Test
  void eventsOfTwoTopicsAreOneRow() throws InterruptedException {
    var row = new OldestFirst(TWO, envelope -> taken.add(envelope.time().toEpochMilli()));

    // Given a topic whose second event came late, and another
    row.add(activity(3, 1));
    row.add(activity(1, 2));
    row.add(letter(2, 1));
    row.caughtUp(Topic.RELAY_ACTIVITY);

    // Then nothing is said while an older one may come
    assertThat(taken).isEmpty();
    row.caughtUp(Topic.DEAD_LETTER);
    assertThat(taken).containsExactly(1L, 2L, 3L);

    // And from then on everything at once
    row.add(activity(9, 3));
    row.add(letter(8, 2));
    assertThat(taken).containsExactly(1L, 2L, 3L, 9L, 8L);
  }

  @Test
  void ofAMillionEventsOnlySomeAreHeld() throws InterruptedException {
    var million = 1_000_000;
    var last = new AtomicLong();
    var most = new AtomicInteger();
    var outOfOrder = new AtomicInteger();
    var rows = new ArrayList<OldestFirst>();
    var row =
        new OldestFirst(
            TWO,
            envelope -> {
              var time = envelope.time().toEpochMilli();
              if (time < last.getAndSet(time)) {
                outOfOrder.incrementAndGet();
              }
              most.accumulateAndGet(rows.getFirst().held(), Math::max);
            });
    rows.add(row);

    // Given a topic with all of them, and one with a few that lie far apart
    var activities =
        Thread.ofVirtual()
            .start(
                () -> {
                  for (int i = 1; i <= million; i++) {
                    row.add(activity(i, i));
                  }
                  row.caughtUp(Topic.RELAY_ACTIVITY);
                });
    for (int i = 1; i <= 3000; i++) {
      row.add(letter(i * 300L, i));
    }
    row.caughtUp(Topic.DEAD_LETTER);
    activities.join();

    assertThat(row.count()).isEqualTo(million + 3000);
    assertThat(row.held()).isZero();
    assertThat(outOfOrder).hasValue(0);
    assertThat(most).hasValueLessThanOrEqualTo(2 * (OldestFirst.WINDOW + 1));
  }

  @Test
  void whoeverWaitsIsLetGoAtTheEnd() throws InterruptedException {
    var row = new OldestFirst(TWO, envelope -> {});
    var adding =
        Thread.ofVirtual()
            .start(
                () -> {
                  for (int i = 0; i <= OldestFirst.WINDOW; i++) {
                    row.add(activity(i, i));
                  }
                });

    row.close();

    adding.join();
    assertThat(row.count()).isZero();
  }

  private static Envelope<RelayEvent> activity(long millis, long offset) {
    return envelope(millis, offset, new RelayActivity.ProcessReady("s", "p", 1, 1));
  }

  private static Envelope<RelayEvent> letter(long millis, long offset) {
    return envelope(millis, offset, new DeadLetter("s", "config-changed", 7, "unreadable", "AAAA"));
  }

  private static Envelope<RelayEvent> envelope(long millis, long offset, RelayEvent event) {
    return new Envelope<>(
        "id",
        URI.create("urn:postbus:test"),
        "_relay.localhost",
        Instant.ofEpochMilli(millis),
        offset,
        null,
        null,
        "00",
        offset,
        event,
        null);
  }
}
