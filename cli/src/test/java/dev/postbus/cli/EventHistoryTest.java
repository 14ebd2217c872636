package dev.postbus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postbus.broker.EmbeddedBroker;
import dev.postbus.events.BulkWriter;
import dev.postbus.events.BusSettings;
import dev.postbus.events.DeadLetter;
import dev.postbus.events.EventBus;
import dev.postbus.events.RelayActivity;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real broker. */
class EventHistoryTest {
  private static final int EVENTS = Integer.getInteger("events.count", 30_000);
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path data;
  @TempDir Path outbox;

  @Test
  void manyEventsComeOldestFirstAndThenWhatHappens() throws Exception {
    try (var broker = EmbeddedBroker.startOnFreePorts(data)) {
      var settings =
          new BusSettings(broker.bootstrap(), "_test.example", "events-test", outbox, (short) 1);
      try (var bus = EventBus.open(settings);
          var writer = BulkWriter.open(broker.bootstrap(), "_test.example", Clock.systemUTC())) {
        // Given many events on one topic, and some on another between them
        for (int i = 1; i <= EVENTS; i++) {
          writer.write(new RelayActivity.ProcessReady("bulk", "process", i, 1));
          if (i % 100 == 0) {
            writer.write(new DeadLetter("bulk", "config-changed", i, "unreadable", "AAAA"));
          }
        }
        writer.flush();

        // When they are read
        var count = new AtomicInteger();
        var outOfOrder = new AtomicInteger();
        var last = new AtomicReference<>(Instant.EPOCH);
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        try (var history =
            EventHistory.read(
                broker.bootstrap(),
                envelope -> {
                  count.incrementAndGet();
                  if (envelope.time().isBefore(last.getAndSet(envelope.time()))) {
                    outOfOrder.incrementAndGet();
                  }
                  if ("cause".equals(envelope.causationId())) {
                    answers.add(envelope.id());
                  }
                })) {
          history.awaitCaughtUp(LONG);

          // Then all were taken, in the order in which they happened
          assertThat(count).hasValue(EVENTS + EVENTS / 100);
          assertThat(outOfOrder).hasValue(0);

          // And what happens follows
          var id = bus.publish(new RelayActivity.ProcessReady("s", "p", 1, 1), "cause").id();
          assertThat(answers.poll(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo(id);
        }
      }
    }
  }

  @Test
  void aBusThatIsSilentIsNotWaitedForForEver() {
    try (var history = EventHistory.read("127.0.0.1:1", envelope -> {})) {
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() -> history.awaitCaughtUp(Duration.ofMillis(300)));
    }
  }
}
