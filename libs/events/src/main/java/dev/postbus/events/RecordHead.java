package dev.postbus.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a record, as {@code docs/events/README.md} has them.
 *
 * @param id unique id
 * @param type full type name, known or not
 * @param source who wrote it
 * @param subject the mail domain
 * @param time when it happened
 * @param sequence counts the source's records on the topic, from 1
 * @param causationId id of the event that it answers, or null
 * @param previousDigest digest of the source's record before, or null
 * @param traceparent the trace that it belongs to, whether well formed or not, or null
 * @param tracestate what goes with that, or null
 */
public record RecordHead(
    String id,
    String type,
    String source,
    String subject,
    Instant time,
    long sequence,
    @Nullable String causationId,
    @Nullable String previousDigest,
    @Nullable String traceparent,
    @Nullable String tracestate) {}
