package dev.postbus.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What values of several keys must have to do with one another. */
final class KeysTogether {
  private static final List<String> INNER_PORTS =
      List.of(
          "filtermail_smtp_port",
          "filtermail_smtp_port_incoming",
          "postfix_reinject_port",
          "postfix_reinject_port_incoming");

  /** The relay's own ports, one of which a configuration could name by accident. */
  private static final Map<String, String> OWN_PORTS =
      Map.ofEntries(
          Map.entry("9092", "the broker"),
          Map.entry("9093", "the broker's controller"),
          Map.entry("9101", "config-service"),
          Map.entry("9102", "cert-service"),
          Map.entry("9103", "mail-supervisor"),
          Map.entry("9104", "web-service"),
          Map.entry("9105", "mail-policy"),
          Map.entry("9106", "dovecot's metrics"),
          Map.entry("9107", "cert-service's answers by TLS"),
          Map.entry("10024", "deliveries"),
          Map.entry("10053", "the resolver"));

  private final Map<String, LayeredValue> values;
  private final Layers layers;
  private final List<Problem> problems = new ArrayList<>();

  private KeysTogether(Map<String, LayeredValue> values, Layers layers) {
    this.values = values;
    this.layers = layers;
  }

  /** Judges values that are right by themselves. */
  static List<Problem> problems(Map<String, LayeredValue> values, Layers layers) {
    var together = new KeysTogether(values, layers);
    together.lengths();
    together.ports();
    return together.problems;
  }

  private void lengths() {
    var most = text("username_max_length");
    if (Long.parseLong(text("username_min_length")) > Long.parseLong(most)) {
      add("username_min_length", "must not be more than username_max_length (" + most + ")");
    }
  }

  private void ports() {
    var taken = new HashMap<>(OWN_PORTS);
    for (var name : INNER_PORTS) {
      var port = text(name);
      var holder = taken.put(port, name);
      if (holder != null) {
        add(name, "must differ from the port of " + holder + ", both are " + port);
      }
    }
  }

  private void add(String key, String what) {
    var line = line(key);
    problems.add(
        new Problem(
            key,
            line,
            text(key),
            key + (line == null ? " " : " on line " + line + " ") + what,
            null));
  }

  private @Nullable Integer line(String key) {
    var ini = layers.ini().get(key);
    return ini != null && ini.line() > 0 && value(key).layer() == Layer.INI
        ? Integer.valueOf(ini.line())
        : null;
  }

  private String text(String key) {
    return value(key).value();
  }

  private LayeredValue value(String key) {
    var value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException("no value for " + key);
    }
    return value;
  }
}
