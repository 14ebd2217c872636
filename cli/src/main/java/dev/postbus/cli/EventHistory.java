package dev.postbus.cli;

import dev.postbus.events.Envelope;
import dev.postbus.events.EventHandler;
import dev.postbus.events.EventReader;
import dev.postbus.events.RawLog;
import dev.postbus.events.RelayEvent;
import dev.postbus.events.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;

/** All that happened and happens, from the bus, in one row and in bounded memory. */
final class EventHistory implements AutoCloseable {
  private static final Duration SLACK = Duration.ofHours(1);

  private final OldestFirst row;
  // A topic each, as one that is behind must not keep the others from being read.
  private final List<EventReader> readers = new ArrayList<>();

  private EventHistory(
      String bootstrap, Map<Topic, Long> from, Consumer<Envelope<RelayEvent>> taker) {
    var topics = EnumSet.allOf(Topic.class);
    row = new OldestFirst(topics, taker);
    for (var topic : topics) {
      readers.add(EventReader.start(bootstrap, List.of(topic), from, handler(topic)));
    }
  }

  /**
   * Begins to read.
   *
   * @param taker takes events one after the other, oldest first, then what happens
   */
  static EventHistory read(String bootstrap, Consumer<Envelope<RelayEvent>> taker) {
    return new EventHistory(bootstrap, Map.of(), taker);
  }

  /**
   * Begins to read what happened at a time or later, and perhaps some of what happened before.
   *
   * @throws KafkaException if the bus does not answer
   */
  static EventHistory read(String bootstrap, Instant since, Consumer<Envelope<RelayEvent>> taker) {
    try (var log = RawLog.open(bootstrap)) {
      var topics = log.ranges().keySet();
      // Sent after it happened, if clocks did not jump meanwhile.
      var from = topics.isEmpty() ? Map.<Topic, Long>of() : log.since(topics, since.minus(SLACK));
      return new EventHistory(bootstrap, from, taker);
    }
  }

  private EventHandler handler(Topic topic) {
    return new EventHandler() {
      @Override
      public void event(Envelope<RelayEvent> envelope) {
        row.add(envelope);
      }

      @Override
      public void caughtUp() {
        row.caughtUp(topic);
      }
    };
  }

  /**
   * Waits until all that was there at the beginning has been taken, however long that takes.
   *
   * @param patience how long the bus may be silent
   * @throws TimeoutException if it was silent longer
   */
  void awaitCaughtUp(Duration patience) throws TimeoutException, InterruptedException {
    var all =
        CompletableFuture.allOf(
            readers.stream().map(EventReader::caughtUp).toArray(CompletableFuture[]::new));
    long before = 0;
    while (true) {
      try {
        all.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        return;
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      } catch (TimeoutException e) {
        // Whoever reads what is printed may take a rest, as a pager does.
        if (row.count() == before && !row.busy()) {
          throw e;
        }
        before = row.count();
      }
    }
  }

  @Override
  public void close() {
    row.close();
    readers.forEach(EventReader::close);
  }
}
