package dev.postbus.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.cloudevents.rw.CloudEventRWException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Events to Kafka records and back: CloudEvents 1.0, Kafka protocol binding, binary content mode,
 * with JSON data.
 */
final class EventCodec {
  static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .annotationIntrospector(
              AnnotationIntrospector.pair(
                  new JacksonAnnotationIntrospector(), new OptionalFields()))
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private static final String SEQUENCE = "sequence";
  private static final String CAUSATION = "causationid";
  private static final String PREVIOUS = "previousdigest";

  private EventCodec() {}

  /** What stands around the data when an event is written. */
  record Attributes(
      String id,
      String type,
      URI source,
      String subject,
      Instant time,
      long sequence,
      @Nullable String causationId,
      @Nullable String previousDigest,
      @Nullable String traceparent,
      @Nullable String tracestate) {}

  static byte[] dataOf(RelayEvent event) {
    try {
      return JSON.writeValueAsBytes(event);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot write " + event.type() + " as JSON", e);
    }
  }

  static ProducerRecord<String, byte[]> write(Topic topic, Attributes attributes, byte[] data) {
    var builder =
        CloudEventBuilder.v1()
            .withId(attributes.id())
            .withType(attributes.type())
            .withSource(attributes.source())
            .withSubject(attributes.subject())
            .withTime(attributes.time().atOffset(ZoneOffset.UTC))
            .withExtension(SEQUENCE, Long.toString(attributes.sequence()))
            .withData("application/json", data);
    if (attributes.causationId() != null) {
      builder.withExtension(CAUSATION, attributes.causationId());
    }
    if (attributes.previousDigest() != null) {
      builder.withExtension(PREVIOUS, attributes.previousDigest());
    }
    if (attributes.traceparent() != null) {
      builder.withExtension(TraceContext.TRACEPARENT, attributes.traceparent());
    }
    if (attributes.tracestate() != null) {
      builder.withExtension(TraceContext.TRACESTATE, attributes.tracestate());
    }
    return KafkaMessageFactory.<String>createWriter(topic.kafkaName(), attributes.subject())
        .writeBinary(builder.build());
  }

  static Attributes attributesOf(CloudEvent event) throws UnreadableRecord {
    var time = event.getTime();
    var subject = event.getSubject();
    if (time == null || subject == null) {
      throw UnreadableRecord.broken(
          "attribute " + (time == null ? "time" : "subject") + " missing");
    }
    if (!(event.getExtension(SEQUENCE) instanceof String sequence)
        || !sequence.matches("[1-9]\\d{0,17}")) {
      throw UnreadableRecord.broken("attribute sequence must be a count from 1");
    }
    return new Attributes(
        event.getId(),
        event.getType(),
        event.getSource(),
        subject,
        time.toInstant(),
        Long.parseLong(sequence),
        (String) event.getExtension(CAUSATION),
        (String) event.getExtension(PREVIOUS),
        (String) event.getExtension(TraceContext.TRACEPARENT),
        (String) event.getExtension(TraceContext.TRACESTATE));
  }

  static Envelope<RelayEvent> read(ConsumerRecord<?, byte[]> kafka) throws UnreadableRecord {
    var event = cloudEvent(kafka);
    var attributes = attributesOf(event);
    var type = EventTypes.classOf(attributes.type());
    if (type == null) {
      throw UnreadableRecord.ofUnknownType(attributes.type());
    }
    var data = event.getData() == null ? new byte[0] : event.getData().toBytes();
    try {
      var value = JSON.readValue(data, type);
      if (!value.topic().kafkaName().equals(kafka.topic())) {
        throw UnreadableRecord.broken(
            attributes.type() + " belongs to topic " + value.topic().kafkaName());
      }
      return new Envelope<>(
          attributes.id(),
          attributes.source(),
          attributes.subject(),
          attributes.time(),
          attributes.sequence(),
          attributes.causationId(),
          attributes.previousDigest(),
          RecordDigest.of(attributes, data),
          kafka.offset(),
          value,
          TraceContext.of(attributes.traceparent(), attributes.tracestate()));
    } catch (JsonProcessingException e) {
      throw UnreadableRecord.broken("data of " + attributes.type() + ": " + e.getOriginalMessage());
    } catch (IOException | NullPointerException e) {
      throw UnreadableRecord.broken("data of " + attributes.type() + ": " + e.getMessage());
    }
  }

  static CloudEvent cloudEvent(ConsumerRecord<?, byte[]> kafka) throws UnreadableRecord {
    try {
      return KafkaMessageFactory.createReader(kafka).toEvent();
    } catch (CloudEventRWException | IllegalArgumentException | IllegalStateException e) {
      throw UnreadableRecord.broken("not a CloudEvent: " + e.getMessage());
    }
  }

  static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
