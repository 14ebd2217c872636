package dev.postbus.web.console;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What a form or a query says; of a name that is there several times, the first.
 *
 * @param values by their names
 */
record Fields(Map<String, String> values) {
  private static final int MOST = 64;

  Fields {
    values = Map.copyOf(values);
  }

  /**
   * Reads one in the form of {@code application/x-www-form-urlencoded}.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Fields of(String encoded) {
    var values = new HashMap<String, String>();
    new QueryStringDecoder(encoded, StandardCharsets.UTF_8, false, MOST)
        .parameters()
        .forEach((name, all) -> values.put(name, all.getFirst()));
    return new Fields(values);
  }

  /** A value without the white space around it; empty if there is none. */
  String get(String name) {
    return values.getOrDefault(name, "").strip();
  }
}
