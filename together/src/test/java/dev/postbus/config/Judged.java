package dev.postbus.config;

import dev.postbus.events.RelayConfiguration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What config-service says to values, for tests of all services together. */
public final class Judged {
  private Judged() {}

  /** The names of all keys. */
  public static List<String> keys() {
    return List.copyOf(Keys.names());
  }

  /** The default of a key, or what it may be where it has none. */
  public static String standard(String key) {
    var standard = Keys.find(key).orElseThrow().standard();
    return standard == null ? "relay.example" : standard;
  }

  /** The canonical form of a value that is taken. */
  public static Optional<String> canonical(String key, String value) {
    return Keys.find(key).orElseThrow().kind().canonical(value);
  }

  /** The configuration that an operator's values make, if they are taken together. */
  public static Optional<RelayConfiguration> together(Map<String, String> values) {
    try {
      var layers = new Layers(Map.of(), Map.of(), values);
      return Optional.of(new RelayConfiguration(Resolved.of(layers).plain()));
    } catch (InvalidConfiguration refused) {
      return Optional.empty();
    }
  }
}
