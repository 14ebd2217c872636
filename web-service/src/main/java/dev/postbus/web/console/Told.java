package dev.postbus.web.console;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * Metrics as mail-policy tells them, in Prometheus's text format.
 *
 * @param values by name with labels
 */
record Told(Map<String, Double> values) {
  private static final Pattern LINE =
      Pattern.compile(
          "^([a-zA-Z_:][a-zA-Z0-9_:]*(?:\\{[^}]*})?) ([-+0-9.eE]+)$", Pattern.MULTILINE);

  Told {
    values = Map.copyOf(values);
  }

  static Told of(String text) {
    var values = new HashMap<String, Double>();
    var lines = LINE.matcher(text);
    while (lines.find()) {
      values.put(lines.group(1), Double.parseDouble(lines.group(2)));
    }
    return new Told(values);
  }

  /** The sum of a metric's values whose labels have all of some parts; empty if there is none. */
  OptionalDouble sum(String name, String... labels) {
    var sum = 0.0;
    var found = false;
    for (var value : values.entrySet()) {
      var key = value.getKey();
      if (key.equals(name) || key.startsWith(name + "{")) {
        var fits = true;
        for (var label : labels) {
          fits &= key.contains(label);
        }
        if (fits) {
          found = true;
          sum += value.getValue();
        }
      }
    }
    return found ? OptionalDouble.of(sum) : OptionalDouble.empty();
  }
}
