package dev.postbus.events;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Which trace an event belongs to. An event that answers another goes on in its trace, one that
 * answers none begins its own. What a trace is called can be told from the id of the event that
 * began it; only those that came from elsewhere, or began further back, have to be remembered.
 */
final class Traces {
  static final String SETTING = "POSTBUS_TRACES";

  private static final int MOST = 1000;

  private final boolean on;
  private final Map<String, TraceContext> byEvent =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, TraceContext> eldest) {
          return size() > MOST;
        }
      };

  Traces(boolean on) {
    this.on = on;
  }

  /** Kept or not as {@code POSTBUS_TRACES} says. */
  static Traces here() {
    return new Traces(
        isOn(
            Optional.ofNullable(System.getProperty(SETTING))
                .orElseGet(() -> System.getenv(SETTING))));
  }

  static boolean isOn(@Nullable String text) {
    return switch (text == null ? "" : text.strip()) {
      case "", "off" -> false;
      case "on" -> true;
      default ->
          throw new ConfigException("%s must be 'on' or 'off', not '%s'".formatted(SETTING, text));
    };
  }

  /** Where an event belongs, for what will answer it. */
  synchronized void remember(String eventId, @Nullable TraceContext trace) {
    if (on && trace != null && !trace.isBegunBy(eventId)) {
      byEvent.put(eventId, trace);
    }
  }

  /** The context of what answers an event; null if it can be told from the event's id. */
  synchronized @Nullable TraceContext answering(@Nullable String eventId) {
    var known = eventId == null ? null : byEvent.get(eventId);
    return known == null ? null : known.next();
  }

  /** The context of what follows from an event in another way; null for none. */
  @Nullable TraceContext after(String eventId) {
    var known = answering(eventId);
    return on && known == null ? TraceContext.begunBy(eventId) : known;
  }

  /** See {@link EventBus#traceOf}. */
  @Nullable TraceContext ofRequest(List<String> parents, List<String> states) {
    return on ? TraceContext.of(parents, states) : null;
  }

  /** What is written on the record of an event; null for nothing. */
  @Nullable TraceContext of(Outbox.Entry entry) {
    // A checkpoint is no step of anything.
    if (!on || entry.topic() == Topic.CHECKPOINT) {
      return null;
    }
    if (entry.trace() != null) {
      return entry.trace();
    }
    var cause = entry.causationId();
    return TraceContext.begunBy(cause == null ? entry.id() : cause);
  }

  /** A handler that remembers before it hands on. */
  EventHandler noting(EventHandler handler) {
    if (!on) {
      return handler;
    }
    return new EventHandler() {
      @Override
      public void event(Envelope<RelayEvent> envelope) {
        remember(envelope.id(), envelope.trace());
        handler.event(envelope);
      }

      @Override
      public void unreadable(ConsumerRecord<String, byte[]> kafka, UnreadableRecord reason) {
        handler.unreadable(kafka, reason);
      }

      @Override
      public void caughtUp() {
        handler.caughtUp();
      }
    };
  }
}
