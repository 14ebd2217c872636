package dev.postbus.events;

import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * A service's way to the bus. Publishing never waits for it: an event is durable in the outbox when
 * {@code publish} returns, and is sent in the background until the bus has acknowledged it.
 */
public final class EventBus implements EventPublisher, AutoCloseable {
  // It is woken whenever there is something to send; this is for whether the broker was away.
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  private final BusSettings settings;
  private final Clock clock;
  private final Outbox outbox;
  private final Heads heads;
  private final Checkpoints checkpoints;
  private final Traces traces;
  private final OutboxSender sender;

  private EventBus(BusSettings settings, Clock clock, Runnable beforeSending) {
    this.settings = settings;
    this.clock = clock;
    this.outbox = new Outbox(settings.outbox());
    this.heads = new Heads(settings.outbox());
    this.checkpoints = new Checkpoints(settings, CheckpointInterval.here(), clock);
    this.traces = Traces.here();
    this.sender =
        new OutboxSender(settings, outbox, heads, checkpoints, traces, LOOK_EVERY, beforeSending);
  }

  /** Opens the bus, which need not be there yet. */
  public static EventBus open(BusSettings settings) {
    return open(settings, () -> {});
  }

  /**
   * Opens the bus, which need not be there yet.
   *
   * @param beforeSending run on the sender's thread each time that the bus was reached, before
   *     anything is sent to it. There, and nowhere else, {@link #withdraw} and {@link #readOwn} can
   *     rely on each other. If it throws, the bus counts as away, and is reached for again.
   */
  public static EventBus open(BusSettings settings, Runnable beforeSending) {
    return new EventBus(settings, Clock.systemUTC(), beforeSending);
  }

  /**
   * An event that will be on the bus.
   *
   * @param id its id; what answers it carries this as its causation
   * @param time its time
   */
  public record Published(String id, Instant time) {}

  @Override
  public Published publish(RelayEvent event, @Nullable String causationId) {
    var published = new Published(newId(), now());
    put(event, causationId, published, null);
    return published;
  }

  /**
   * Publishes under an id that the caller has kept, so that repeating it after a crash does not
   * make a second event.
   */
  public Published publish(
      RelayEvent event, @Nullable String causationId, String id, Instant time) {
    return publish(event, causationId, id, time, null);
  }

  /**
   * As {@link #publish(RelayEvent, String, String, Instant)}, as part of a trace from elsewhere.
   *
   * @param trace what who asked for it has said; null if nothing
   */
  public synchronized Published publish(
      RelayEvent event,
      @Nullable String causationId,
      String id,
      Instant time,
      @Nullable TraceContext trace) {
    traces.remember(id, trace);
    var published = new Published(id, time);
    // In this order: what leaves the outbox has become the head before.
    if (!outbox.contains(id) && !isHead(event.topic(), id)) {
      put(event, causationId, published, trace);
    }
    return published;
  }

  /**
   * Publishes a snapshot, signed with the key that this service's checkpoints have. One of these
   * follows at once.
   *
   * @param unsigned what it is to say; its key and signature do not matter
   * @throws IOException if there is no key, and none can be made
   */
  public Published publishSnapshot(Snapshot unsigned) throws IOException {
    try {
      var key = checkpoints.key();
      return publish(
          SnapshotSignature.sign(key, source().toString(), settings.domain(), unsigned), null);
    } catch (GeneralSecurityException e) {
      throw new IOException("the snapshot cannot be signed: " + e.getMessage(), e);
    }
  }

  /**
   * The public key with which this service signs, as checkpoints carry it.
   *
   * @throws IOException if there is none, and none can be made
   */
  public String publicKey() throws IOException {
    try {
      return checkpoints.key().publicKey();
    } catch (GeneralSecurityException e) {
      throw new IOException("there is no key to sign with: " + e.getMessage(), e);
    }
  }

  /** Publishes again what {@link #readOwn} has shown not to be on the bus. */
  public void republish(RelayEvent event, String id, Instant time, @Nullable TraceContext trace) {
    withdraw(id);
    put(event, null, new Published(id, time), trace);
  }

  /**
   * What answers this event goes on in its trace. Needed for events that were neither published nor
   * read since the start.
   */
  public void remember(String eventId, @Nullable TraceContext trace) {
    traces.remember(eventId, trace);
  }

  /**
   * The trace that a request belongs to.
   *
   * @param parents its headers {@code traceparent}
   * @param states its headers {@code tracestate}
   * @return null if it names none, or none that is well formed, or traces are not kept
   */
  public @Nullable TraceContext traceOf(List<String> parents, List<String> states) {
    return traces.ofRequest(parents, states);
  }

  /** For what follows from an event without answering it; null if traces are not kept. */
  public @Nullable TraceContext traceAfter(String eventId) {
    return traces.after(eventId);
  }

  /**
   * Takes back an event that was not sent yet.
   *
   * @return whether it waited
   */
  public boolean withdraw(String id) {
    return outbox.withdraw(id);
  }

  /**
   * Reads this service's own events of a topic, up to its present end, on the caller's thread.
   *
   * @param from offset to begin at; all are read if the topic ends before it
   * @throws KafkaException if the bus does not answer
   */
  public void readOwn(Topic topic, long from, Consumer<Envelope<RelayEvent>> taker) {
    OwnRecords.read(settings, topic, from, taker);
  }

  private boolean isHead(Topic topic, String id) {
    var head = heads.of(topic);
    return head != null && head.id().equals(id);
  }

  private void put(
      RelayEvent event,
      @Nullable String causationId,
      Published published,
      @Nullable TraceContext given) {
    var trace = given == null ? traces.answering(causationId) : given;
    traces.remember(published.id(), trace);
    outbox.put(event, published, causationId, trace);
    sender.wake();
  }

  /** A fresh event id. */
  public static String newId() {
    return UUID.randomUUID().toString();
  }

  /** The time of now, as precise as events carry it. */
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * Reads topics from given offsets on; topics that are not named in {@code offsets} from their
   * start. What belongs to another relay's domain is handed on as unreadable.
   */
  public EventReader read(Iterable<Topic> topics, Map<Topic, Long> offsets, EventHandler handler) {
    return EventReader.start(
        settings.bootstrap(), settings.domain(), topics, offsets, traces.noting(handler));
  }

  @Override
  public String service() {
    return settings.service();
  }

  /** What is written as the source of this service's events. */
  public URI source() {
    return settings.source();
  }

  /** Whether the bus answered when it was last needed. */
  public boolean connected() {
    return sender.connected();
  }

  /** Whether everything published has been acknowledged. */
  public boolean allSent() {
    return outbox.isEmpty();
  }

  /** Stops sending; what is not acknowledged waits in the outbox for the next start. */
  @Override
  public void close() {
    sender.close();
  }
}
