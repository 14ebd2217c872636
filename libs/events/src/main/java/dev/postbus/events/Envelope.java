package dev.postbus.events;

import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event as it was read from the bus, with its CloudEvents attributes.
 *
 * @param id unique id
 * @param source the service that wrote it, {@code urn:postbus:<service>}
 * @param subject the relay's mail domain
 * @param time when it happened
 * @param sequence counts a source's records on a topic, from 1 without gaps
 * @param causationId id of the event that this one answers, or null
 * @param previousDigest digest of the source's record before on this topic, or null for the first
 * @param digest this record's digest, see {@code docs/events/README.md}
 * @param offset where it stands on its topic
 * @param event what happened
 * @param trace to which trace it belongs, or null
 * @param <E> the kind of event
 */
public record Envelope<E extends RelayEvent>(
    String id,
    URI source,
    String subject,
    Instant time,
    long sequence,
    @Nullable String causationId,
    @Nullable String previousDigest,
    String digest,
    long offset,
    E event,
    @Nullable TraceContext trace) {
  /** The same envelope, seen as one of a narrower kind; {@code narrowed} must be its event. */
  public <T extends RelayEvent> Envelope<T> withEvent(T narrowed) {
    return new Envelope<>(
        id,
        source,
        subject,
        time,
        sequence,
        causationId,
        previousDigest,
        digest,
        offset,
        narrowed,
        trace);
  }
}
