package dev.postbus.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Finds the invitation that a request shows: in its query, or in its body, a form or JSON. */
final class ShownInvite {
  private static final String FIELD = "invite";
  private static final ObjectMapper JSON = new ObjectMapper();

  private ShownInvite() {}

  /** The token; empty if there is none. */
  static String in(@Nullable String query, @Nullable String contentType, String body) {
    if (query != null && !query.isBlank()) {
      return query.strip();
    }
    var type = contentType == null ? "" : contentType.replaceFirst(";.*", "").strip();
    return switch (type) {
      case "application/json" -> ofJson(body);
      case "application/x-www-form-urlencoded" -> ofForm(body);
      default -> "";
    };
  }

  private static String ofJson(String body) {
    try {
      return JSON.readTree(body).path(FIELD).asText("").strip();
    } catch (JsonProcessingException none) {
      return "";
    }
  }

  private static String ofForm(String body) {
    for (var pair : body.split("&")) {
      if (pair.startsWith(FIELD + "=")) {
        try {
          return URLDecoder.decode(pair.substring(FIELD.length() + 1), StandardCharsets.UTF_8)
              .strip();
        } catch (IllegalArgumentException broken) {
          return "";
        }
      }
    }
    return "";
  }
}
