package dev.postbus.cli;

import dev.postbus.events.Envelope;
import dev.postbus.events.RelayEvent;
import dev.postbus.events.Topic;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Makes one row of the events of several topics, oldest first, and holds only some of them: whoever
 * reads a topic waits in {@link #add} for the others. An event that came to its topic late, as one
 * that waited in an outbox does, finds its place among the {@value #WINDOW} that came next to it.
 */
final class OldestFirst {
  /** How many events of a topic are held. */
  static final int WINDOW = 1000;

  private static final Comparator<Envelope<RelayEvent>> OLDEST =
      Comparator.<Envelope<RelayEvent>, Instant>comparing(Envelope::time)
          .thenComparing(envelope -> envelope.event().topic())
          .thenComparing(Envelope::offset);

  private final Map<Topic, PriorityQueue<Envelope<RelayEvent>>> held = new EnumMap<>(Topic.class);
  private final Set<Topic> unfinished;
  private final Consumer<Envelope<RelayEvent>> row;
  private boolean closed;
  private final AtomicLong count = new AtomicLong();
  private volatile boolean busy;

  /**
   * A row of the events of some topics.
   *
   * @param row takes them one after the other, on any of the threads that add
   */
  OldestFirst(Set<Topic> topics, Consumer<Envelope<RelayEvent>> row) {
    this.unfinished = EnumSet.copyOf(topics);
    this.row = row;
    topics.forEach(topic -> held.put(topic, new PriorityQueue<>(OLDEST)));
  }

  /** Adds the next event of its topic, and waits while too many of it are held. */
  synchronized void add(Envelope<RelayEvent> envelope) {
    var topic = envelope.event().topic();
    var own = held.get(topic);
    if (own == null) {
      throw new IllegalArgumentException("not one of the topics: " + topic);
    }
    own.add(envelope);
    moveOn();
    try {
      while (own.size() > WINDOW && unfinished.contains(topic) && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** All that a topic held at the beginning was added; what comes now is handed on at once. */
  synchronized void caughtUp(Topic topic) {
    unfinished.remove(topic);
    moveOn();
  }

  /** Nobody waits any more. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** How many events were handed on. */
  long count() {
    return count.get();
  }

  /** Whether an event is being handed on just now. */
  boolean busy() {
    return busy;
  }

  /** How many events are held. */
  synchronized int held() {
    return held.values().stream().mapToInt(PriorityQueue::size).sum();
  }

  private void moveOn() {
    while (!closed && unfinished.stream().allMatch(this::full)) {
      var oldest =
          held.values().stream()
              .filter(queue -> !queue.isEmpty())
              .min(Comparator.comparing(PriorityQueue::peek, OLDEST));
      if (oldest.isEmpty()) {
        return;
      }
      busy = true;
      try {
        row.accept(oldest.get().remove());
      } finally {
        busy = false;
      }
      count.incrementAndGet();
      notifyAll();
    }
  }

  private boolean full(Topic topic) {
    var queue = held.get(topic);
    return queue != null && queue.size() > WINDOW;
  }
}
