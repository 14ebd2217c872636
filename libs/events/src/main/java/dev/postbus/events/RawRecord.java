package dev.postbus.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A record of the log, byte by byte, whatever is in it. It is looked at without the CloudEvents
 * library, as there may be millions.
 */
public final class RawRecord {
  private static final Pattern SEQUENCE = Pattern.compile("[1-9]\\d{0,17}");
  private static final String VERSION = "ce_specversion";
  private static final String CONTENT_TYPE = "content-type";
  private static final List<String> COVERED =
      List.of(
          "ce_id",
          "ce_type",
          "ce_source",
          "ce_subject",
          "ce_time",
          "ce_sequence",
          "ce_causationid",
          "ce_previousdigest");

  /** Those whose value is always the same. */
  private static final Map<String, String> CONSTANT =
      Map.of(VERSION, "1.0", CONTENT_TYPE, "application/json");

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
    if (!"1.0".equals(text(VERSION))) {
      throw UnreadableRecord.broken("not a CloudEvent: no header ce_specversion of 1.0");
    }
    var sequence = text("ce_sequence");
    if (sequence == null || !SEQUENCE.matcher(sequence).matches()) {
      throw UnreadableRecord.broken("attribute sequence must be a count from 1");
    }
    return new RecordHead(
        needed("ce_id"),
        needed("ce_type"),
        needed("ce_source"),
        needed("ce_subject"),
        time(needed("ce_time")),
        Long.parseLong(sequence),
        text("ce_causationid"),
        text("ce_previousdigest"));
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
    var seen = new HashSet<String>();
    for (var header : headers) {
      var name = header.name();
      if (!seen.add(name)) {
        return Optional.of("it has the header " + name + " twice");
      }
      var constant = CONSTANT.get(name);
      if (constant != null ? !constant.equals(header.text()) : !COVERED.contains(name)) {
        return Optional.of("its header " + name + " is none that a service writes");
      }
    }
    var subject = text("ce_subject");
    var ownKey = key == null ? null : new String(key, StandardCharsets.UTF_8);
    return subject != null && subject.equals(ownKey)
        ? Optional.empty()
        : Optional.of("its key is not its subject");
  }

  private String needed(String name) throws UnreadableRecord {
    var found = text(name);
    if (found == null || found.isEmpty()) {
      throw UnreadableRecord.broken("attribute " + name.substring(3) + " missing");
    }
    return found;
  }

  private @Nullable String text(String name) {
    for (var header : headers) {
      if (header.name().equals(name)) {
        return header.text();
      }
    }
    return null;
  }

  private static Instant time(String text) throws UnreadableRecord {
    try {
      return text.endsWith("Z") ? Instant.parse(text) : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw UnreadableRecord.broken("attribute time is no time: " + text);
    }
  }
}
