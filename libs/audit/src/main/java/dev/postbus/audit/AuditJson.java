package dev.postbus.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;

/** States and reports as JSON. */
public final class AuditJson {
  static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private AuditJson() {}

  /** A state, a report or a difference as a tree. */
  public static JsonNode of(Object value) {
    return JSON.valueToTree(value);
  }

  static <T> T read(byte[] bytes, Class<T> type) throws IOException {
    return JSON.readValue(bytes, type);
  }
}
