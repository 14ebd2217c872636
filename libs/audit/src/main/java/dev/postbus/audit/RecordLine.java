package dev.postbus.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.postbus.events.RawHeader;
import dev.postbus.events.RawRecord;
import dev.postbus.events.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A record as a line of JSON, from which it can be made again byte by byte: bytes are a string
 * where they are UTF-8, and an object with {@code base64} where they are not.
 */
final class RecordLine {
  private RecordLine() {}

  static void write(JsonGenerator json, RawRecord raw) throws IOException {
    json.writeStartObject();
    json.writeStringField("topic", raw.topic().kafkaName());
    json.writeNumberField("offset", raw.offset());
    json.writeNumberField("timestamp", raw.timestamp());
    json.writeFieldName("key");
    bytes(json, raw.key());
    json.writeArrayFieldStart("headers");
    for (var header : raw.headers()) {
      json.writeStartArray();
      json.writeString(header.name());
      bytes(json, header.value());
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeFieldName("value");
    bytes(json, raw.value());
    json.writeEndObject();
  }

  /**
   * The record of a line.
   *
   * @throws IllegalArgumentException if it is none
   */
  static RawRecord read(String line) throws IOException {
    var json = AuditJson.JSON.readTree(line);
    if (!json.path("topic").isTextual()
        || !json.path("offset").isIntegralNumber()
        || !json.path("timestamp").isIntegralNumber()
        || !json.path("headers").isArray()) {
      throw new IllegalArgumentException("topic, offset, timestamp or headers are missing");
    }
    var headers = new ArrayList<RawHeader>();
    for (var header : json.path("headers")) {
      headers.add(new RawHeader(header.path(0).asText(), bytes(header.path(1))));
    }
    return new RawRecord(
        Topic.ofKafkaName(json.path("topic").asText()),
        json.path("offset").asLong(),
        json.path("timestamp").asLong(),
        bytes(json.path("key")),
        headers,
        bytes(json.path("value")));
  }

  private static void bytes(JsonGenerator json, byte @Nullable [] bytes) throws IOException {
    if (bytes == null) {
      json.writeNull();
      return;
    }
    var text = new String(bytes, StandardCharsets.UTF_8);
    if (Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
      json.writeString(text);
    } else {
      json.writeStartObject();
      json.writeStringField("base64", Base64.getEncoder().encodeToString(bytes));
      json.writeEndObject();
    }
  }

  private static byte @Nullable [] bytes(JsonNode node) {
    if (node.isNull()) {
      return null;
    }
    if (node.isTextual()) {
      return node.asText().getBytes(StandardCharsets.UTF_8);
    }
    if (node.path("base64").isTextual()) {
      return Base64.getDecoder().decode(node.path("base64").asText());
    }
    throw new IllegalArgumentException("bytes are neither a string nor base64");
  }
}
