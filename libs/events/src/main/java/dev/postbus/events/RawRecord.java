package dev.postbus.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A record of the log, byte by byte, whatever is in it. It is looked at without the CloudEvents
 * library, as there may be millions.
 */
public final class RawRecord {
  private static final int LONGEST_SEQUENCE = 18;
  private static final String VERSION = "ce_specversion";
  private static final String CONTENT_TYPE = "content-type";
  private static final String SUBJECT = "ce_subject";

  private final Topic topic;
  private final long offset;
  private final long timestamp;
  private final byte @Nullable [] key;
  private final List<RawHeader> headers;
  private final byte @Nullable [] value;

  /**
   * A record.
   *
   * @param topic where it stands
   * @param offset at which place
   * @param timestamp when it was sent, milliseconds since 1970
   * @param key null if it has none
   * @param headers in their order
   * @param value null if it has none
   */
  public RawRecord(
      Topic topic,
      long offset,
      long timestamp,
      byte @Nullable [] key,
      List<RawHeader> headers,
      byte @Nullable [] value) {
    this.topic = topic;
    this.offset = offset;
    this.timestamp = timestamp;
    this.key = key;
    this.headers = List.copyOf(headers);
    this.value = value;
  }

  /** Where it stands. */
  public Topic topic() {
    return topic;
  }

  /** At which place. */
  public long offset() {
    return offset;
  }

  /** When it was sent, milliseconds since 1970. */
  public long timestamp() {
    return timestamp;
  }

  /** Not to be changed. */
  public byte @Nullable [] key() {
    return key;
  }

  /** In their order. */
  public List<RawHeader> headers() {
    return headers;
  }

  /** Not to be changed. */
  public byte @Nullable [] value() {
    return value;
  }

  /** The value; empty if there is none. */
  public byte[] data() {
    return value == null ? new byte[0] : value;
  }

  /**
   * Its attributes.
   *
   * @throws UnreadableRecord if it is no event of a relay
   */
  public RecordHead head() throws UnreadableRecord {
    String version = null;
    String id = null;
    String type = null;
    String source = null;
    String subject = null;
    String time = null;
    String sequence = null;
    String cause = null;
    String previous = null;
    String traceparent = null;
    String tracestate = null;
    // One that is there twice is read as the first; that it is there twice, uncovered() tells.
    for (var header : headers) {
      switch (header.name()) {
        case VERSION -> version = first(version, header);
        case "ce_id" -> id = first(id, header);
        case "ce_type" -> type = first(type, header);
        case "ce_source" -> source = first(source, header);
        case SUBJECT -> subject = first(subject, header);
        case "ce_time" -> time = first(time, header);
        case "ce_sequence" -> sequence = first(sequence, header);
        case "ce_causationid" -> cause = first(cause, header);
        case "ce_previousdigest" -> previous = first(previous, header);
        case "ce_traceparent" -> traceparent = first(traceparent, header);
        case "ce_tracestate" -> tracestate = first(tracestate, header);
        default -> {
          // Not an attribute.
        }
      }
    }
    if (!"1.0".equals(version)) {
      throw UnreadableRecord.broken("not a CloudEvent: no header ce_specversion of 1.0");
    }
    if (sequence == null || !isCount(sequence)) {
      throw UnreadableRecord.broken("attribute sequence must be a count from 1");
    }
    return new RecordHead(
        needed("id", id),
        needed("type", type),
        needed("source", source),
        needed("subject", subject),
        time(needed("time", time)),
        Long.parseLong(sequence),
        cause,
        previous,
        traceparent,
        tracestate);
  }

  /** Its digest, see {@code docs/events/README.md}. */
  public String digest(RecordHead head) {
    return RecordDigest.of(head, data());
  }

  /**
   * What it says.
   *
   * @return empty if its type is not known
   * @throws UnreadableRecord if its data do not fit its type
   */
  public Optional<RelayEvent> event(RecordHead head) throws UnreadableRecord {
    var type = EventTypes.classOf(head.type());
    if (type == null) {
      return Optional.empty();
    }
    try {
      RelayEvent event = EventCodec.JSON.readValue(data(), type);
      if (event.topic() != topic) {
        throw UnreadableRecord.broken(
            head.type() + " belongs to topic " + event.topic().kafkaName());
      }
      return Optional.of(event);
    } catch (JsonProcessingException e) {
      throw UnreadableRecord.broken("data of " + head.type() + ": " + e.getOriginalMessage());
    } catch (IOException | NullPointerException e) {
      throw UnreadableRecord.broken("data of " + head.type() + ": " + e.getMessage());
    }
  }

  /** What is on it and not covered by its digest, so that nobody could tell its alteration. */
  public Optional<String> uncovered() {
    var seen = 0;
    String subject = null;
    for (var header : headers) {
      var place = place(header);
      if (place < 0) {
        return Optional.of("its header " + header.name() + " is none that a service writes");
      }
      if ((seen & 1 << place) != 0) {
        return Optional.of("it has the header " + header.name() + " twice");
      }
      seen |= 1 << place;
      if (header.name().equals(SUBJECT)) {
        subject = header.text();
      }
    }
    var ownKey = key == null ? null : new String(key, StandardCharsets.UTF_8);
    return subject != null && subject.equals(ownKey)
        ? Optional.empty()
        : Optional.of("its key is not its subject");
  }

  /** A number for each header that services write; negative for one that they do not write so. */
  private static int place(RawHeader header) {
    var value = header.value();
    if (value == null || value.length == 0) {
      // It has the digest of one that is not there.
      return -1;
    }
    return switch (header.name()) {
      case "ce_id" -> 0;
      case "ce_type" -> 1;
      case "ce_source" -> 2;
      case SUBJECT -> 3;
      case "ce_time" -> 4;
      case "ce_sequence" -> 5;
      case "ce_causationid" -> 6;
      case "ce_previousdigest" -> 7;
      case "ce_traceparent" -> 8;
      case "ce_tracestate" -> 9;
      case VERSION -> "1.0".equals(header.text()) ? 10 : -1;
      case CONTENT_TYPE -> "application/json".equals(header.text()) ? 11 : -1;
      default -> -1;
    };
  }

  private static @Nullable String first(@Nullable String before, RawHeader header) {
    return before == null ? header.text() : before;
  }

  private static boolean isCount(String text) {
    if (text.isEmpty() || text.length() > LONGEST_SEQUENCE || text.charAt(0) == '0') {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static String needed(String name, @Nullable String found) throws UnreadableRecord {
    if (found == null || found.isEmpty()) {
      throw UnreadableRecord.broken("attribute " + name + " missing");
    }
    return found;
  }

  private static Instant time(String text) throws UnreadableRecord {
    try {
      return RecordTime.parse(text);
    } catch (DateTimeException e) {
      throw UnreadableRecord.broken("attribute time is no time: " + text);
    }
  }
}
