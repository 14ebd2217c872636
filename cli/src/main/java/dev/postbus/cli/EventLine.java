package dev.postbus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postbus.events.Envelope;
import dev.postbus.events.EventTypes;
import dev.postbus.events.RecordHead;
import dev.postbus.events.RelayEvent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** An event as one line, for people or for programs. */
final class EventLine {
  private static final int SHORT_ID = 8;

  private EventLine() {}

  static Map<String, Object> json(RecordHead head, String digest, JsonNode data) {
    var object = new LinkedHashMap<String, Object>();
    object.put("id", head.id());
    object.put("type", head.type());
    object.put("source", head.source());
    object.put("subject", head.subject());
    object.put("time", head.time().toString());
    object.put("sequence", head.sequence());
    if (head.causationId() != null) {
      object.put("causationid", head.causationId());
    }
    if (head.previousDigest() != null) {
      object.put("previousdigest", head.previousDigest());
    }
    if (head.traceparent() != null) {
      object.put("traceparent", head.traceparent());
    }
    if (head.tracestate() != null) {
      object.put("tracestate", head.tracestate());
    }
    object.put("digest", digest);
    object.put("data", data);
    return object;
  }

  static Map<String, Object> json(Envelope<RelayEvent> envelope) {
    return json(head(envelope), envelope.digest(), EventJson.data(envelope.event()));
  }

  static String text(Envelope<RelayEvent> envelope) {
    return "%s  %s  %s"
        .formatted(
            time(envelope.time()),
            shortId(envelope.id()),
            what(head(envelope), EventJson.summary(envelope.event())));
  }

  /** Who did what. */
  static String what(RecordHead head, String summary) {
    return "%-16s %-18s %s"
        .formatted(
            head.source().replace("urn:postbus:", ""),
            EventTypes.shortName(head.type()),
            summary.replaceAll("\\p{Cntrl}+", " "));
  }

  /** Always as long, so that lines stand below one another. */
  static String time(Instant time) {
    var seconds = time.truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", "");
    return "%s.%03dZ".formatted(seconds, time.toEpochMilli() % 1000);
  }

  /** The beginning of an id, which {@code --cause} takes; the whole if it is no random one. */
  static String shortId(String id) {
    return id.matches("[0-9a-f]{8}-[0-9a-f-]{27}") ? id.substring(0, SHORT_ID) : id;
  }

  private static RecordHead head(Envelope<RelayEvent> envelope) {
    var trace = envelope.trace();
    return new RecordHead(
        envelope.id(),
        envelope.event().type(),
        envelope.source().toString(),
        envelope.subject(),
        envelope.time(),
        envelope.sequence(),
        envelope.causationId(),
        envelope.previousDigest(),
        trace == null ? null : trace.traceparent(),
        trace == null ? null : trace.tracestate());
  }
}
