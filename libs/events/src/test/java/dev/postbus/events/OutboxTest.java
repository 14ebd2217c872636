package dev.postbus.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without a bus. */
class OutboxTest {
  private static final int EVENTS = 200;

  @TempDir Path folder;

  @Test
  void whatIsSentWhileSomebodyLooksIsNoErrorForEither() throws Exception {
    // Given many events that wait
    var outbox = new Outbox(folder);
    for (int i = 0; i < EVENTS; i++) {
      var published = new EventBus.Published("event-" + i, Instant.EPOCH);
      outbox.put(Samples.all().getFirst(), published, null, null);
    }

    // When one sends them and another looks for one that is not there
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var sent =
          threads.submit(
              () -> {
                var count = 0;
                for (var next = outbox.first(); next.isPresent(); next = outbox.first()) {
                  outbox.remove(next.get());
                  count++;
                }
                return count;
              });
      while (!outbox.isEmpty()) {
        assertThat(outbox.contains("another")).isFalse();
      }

      // Then all are sent
      assertThat(sent.get()).isEqualTo(EVENTS);
    }
    assertThat(outbox.first()).isEqualTo(Optional.empty());
  }
}
