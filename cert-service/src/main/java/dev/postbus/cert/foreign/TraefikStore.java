package dev.postbus.cert.foreign;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * What is in the file in which Traefik, version 2 or 3, keeps what it ordered: for each of its
 * resolvers an account, which is left alone, and certificates with their keys.
 */
final class TraefikStore {
  private static final int MOST_ENTRIES = 2000;
  private static final int DEEPEST = 50;
  private static final int LONGEST_TEXT = 1 << 20;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxStringLength(LONGEST_TEXT)
                  .build())
          .build();

  private final List<Entry> entries = new ArrayList<>();

  private TraefikStore() {}

  /**
   * A certificate and its key, as they stand there. Prints nothing of them.
   *
   * @param names what Traefik ordered it for
   * @param pair PEM, once decoded; empty where it is none
   */
  record Entry(List<String> names, PairBytes pair) {
    @Override
    public String toString() {
      return "a certificate with its key for " + names;
    }
  }

  /** All certificates of all resolvers. */
  static List<Entry> read(byte[] file) throws UnusablePair {
    if (file.length == 0) {
      // Traefik's documentation has it made so, and Traefik empties it before it writes.
      throw unreadable("it is empty");
    }
    try (var json = JSON.createParser(file)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw unreadable("it is no object of JSON");
      }
      var store = new TraefikStore();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        json.nextToken();
        store.resolver(json);
      }
      if (json.nextToken() != null) {
        throw unreadable("something follows after its end");
      }
      return store.entries;
    } catch (IOException e) {
      // Without the cause, which may quote what it read.
      throw unreadable("it is torn or damaged");
    }
  }

  private void resolver(JsonParser json) throws IOException, UnusablePair {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var list = json.currentName().equals("Certificates");
      if (json.nextToken() != JsonToken.START_ARRAY || !list) {
        json.skipChildren();
        continue;
      }
      while (json.nextToken() != JsonToken.END_ARRAY) {
        add(json);
      }
    }
  }

  private void add(JsonParser json) throws IOException, UnusablePair {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    if (entries.size() == MOST_ENTRIES) {
      throw new UnusablePair(
          List.of("Traefik's file holds more than %d certificates".formatted(MOST_ENTRIES)), false);
    }
    var names = new ArrayList<String>();
    var certificate = new byte[0];
    var key = new byte[0];
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName().toLowerCase(Locale.ROOT);
      json.nextToken();
      switch (field) {
        case "domain" -> texts(json, names);
        case "certificate" -> certificate = bytes(json);
        case "key" -> key = bytes(json);
        default -> json.skipChildren();
      }
    }
    entries.add(new Entry(List.copyOf(names), new PairBytes(certificate, key)));
  }

  /** All texts in a value, however deep. */
  private static void texts(JsonParser json, List<String> into) throws IOException {
    var depth = 0;
    do {
      var token = json.currentToken();
      if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token == JsonToken.VALUE_STRING) {
        into.add(json.getText());
      }
    } while (depth > 0 && json.nextToken() != null);
  }

  private static byte[] bytes(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      json.skipChildren();
      return new byte[0];
    }
    try {
      return Base64.getDecoder().decode(json.getText());
    } catch (IllegalArgumentException damaged) {
      return new byte[0];
    }
  }

  private static UnusablePair unreadable(String why) {
    return new UnusablePair(
        List.of(
            "Traefik's file cannot be read: "
                + why
                + "; it must be the acme.json of a Traefik of version 2 or 3"),
        true);
  }
}
