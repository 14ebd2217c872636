package dev.postbus.events;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record where it stands on the log. What its headers say can be had without looking into its
 * data, so that many records are passed over in little time.
 */
public final class LoggedRecord {
  private final Topic topic;
  private final ConsumerRecord<String, byte[]> kafka;

  LoggedRecord(ConsumerRecord<String, byte[]> kafka) {
    this.topic = Topic.ofKafkaName(kafka.topic());
    this.kafka = kafka;
  }

  /** Its topic. */
  public Topic topic() {
    return topic;
  }

  /** Its place there. */
  public long offset() {
    return kafka.offset();
  }

  /** When it was put on the log, which may be later than what it tells of. */
  public Instant recorded() {
    return Instant.ofEpochMilli(kafka.timestamp());
  }

  /** The event's id as its header has it; empty if there is none. */
  public String id() {
    return header("ce_id");
  }

  /** Its type without prefix and version; empty if there is none. */
  public String type() {
    return EventTypes.shortName(header("ce_type"));
  }

  /** The service that wrote it, e.g. {@code config-service}; empty if that is not said. */
  public String service() {
    return header("ce_source").replaceFirst("^urn:postbus:", "");
  }

  /** The id of the event that this one answers; empty if there is none. */
  public String causationId() {
    return header("ce_causationid");
  }

  /**
   * The event.
   *
   * @throws UnreadableRecord if it is none of ours, or not whole
   */
  public Envelope<RelayEvent> event() throws UnreadableRecord {
    return EventCodec.read(kafka);
  }

  /**
   * The beginning of its data as text, whatever they are.
   *
   * @param most how many bytes to look at
   */
  public String data(int most) {
    byte @Nullable [] value = kafka.value();
    return value == null
        ? ""
        : new String(value, 0, Math.min(most, value.length), StandardCharsets.UTF_8);
  }

  private String header(String name) {
    var header = kafka.headers().lastHeader(name);
    return header == null || header.value() == null
        ? ""
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
