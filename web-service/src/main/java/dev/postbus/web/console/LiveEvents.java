package dev.postbus.web.console;

import dev.postbus.events.Envelope;
import dev.postbus.events.EventHandler;
import dev.postbus.events.EventReader;
import dev.postbus.events.RelayEvent;
import dev.postbus.events.Topic;
import dev.postbus.events.UnreadableRecord;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells pages that something happened. The log is followed only while somebody looks.
 *
 * <p>What is told is that there is something new, not what: the page asks for it, and so there is
 * one way of showing it.
 */
final class LiveEvents implements AutoCloseable {
  /** Pages that are told at the same time. */
  static final int MOST = 24;

  private static final Logger log = LoggerFactory.getLogger(LiveEvents.class);

  private final String bootstrap;
  private final Executor threads;
  private final Map<Object, BooleanSupplier> lookers = new LinkedHashMap<>();
  private @Nullable EventReader reader;
  private boolean beginning;
  private boolean closed;

  /** Follows the log of these brokers. */
  LiveEvents(String bootstrap, Executor threads) {
    this.bootstrap = bootstrap;
    this.threads = threads;
  }

  /**
   * Begins to tell somebody.
   *
   * @param key by which it ends
   * @param looker is told; false ends it
   * @return whether there was a place
   */
  boolean add(Object key, BooleanSupplier looker) {
    synchronized (this) {
      if (closed || lookers.size() >= MOST) {
        return false;
      }
      lookers.put(key, looker);
    }
    threads.execute(this::follow);
    return true;
  }

  synchronized int count() {
    return lookers.size();
  }

  void remove(Object key) {
    EventReader ended = null;
    synchronized (this) {
      if (lookers.remove(key) != null && lookers.isEmpty()) {
        ended = reader;
        reader = null;
      }
    }
    if (ended != null) {
      threads.execute(ended::close);
    }
  }

  /** Follows the log, if somebody looks and nobody follows it yet. */
  void follow() {
    synchronized (this) {
      if (closed || beginning || reader != null || lookers.isEmpty()) {
        return;
      }
      beginning = true;
    }
    EventReader begun = null;
    try {
      var topics = EnumSet.allOf(Topic.class);
      // What was there when the page was made it has shown.
      begun =
          EventReader.start(
              bootstrap, topics, EventReader.ends(bootstrap, topics), new Everything());
    } catch (KafkaException away) {
      // It is tried again with the next beat.
      log.debug("the bus does not answer: {}", away.getMessage());
    }
    synchronized (this) {
      beginning = false;
      if (!closed && !lookers.isEmpty()) {
        reader = begun;
        begun = null;
      }
    }
    if (begun != null) {
      begun.close();
    }
  }

  private final class Everything implements EventHandler {
    @Override
    public void event(Envelope<RelayEvent> envelope) {
      tell();
    }

    @Override
    public void unreadable(ConsumerRecord<String, byte[]> kafka, UnreadableRecord reason) {
      tell();
    }
  }

  private void tell() {
    Map<Object, BooleanSupplier> now;
    synchronized (this) {
      now = Map.copyOf(lookers);
    }
    now.forEach(
        (key, looker) -> {
          if (!looker.getAsBoolean()) {
            remove(key);
          }
        });
  }

  @Override
  public void close() {
    EventReader ended;
    synchronized (this) {
      closed = true;
      lookers.clear();
      ended = reader;
      reader = null;
    }
    if (ended != null) {
      ended.close();
    }
  }
}
