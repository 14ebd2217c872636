package dev.postbus.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole, valid configuration.
 *
 * @param values every key in the order of {@link Keys}, with value and layer
 */
record Resolved(Map<String, LayeredValue> values) {
  Resolved {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** Puts the layers upon one another and judges the whole. */
  static Resolved of(Layers layers) throws InvalidConfiguration {
    var problems = new ArrayList<Problem>();
    layers
        .ini()
        .forEach(
            (key, value) -> {
              if (Keys.find(key).isEmpty()) {
                problems.add(Problem.unknownKey(key, value.line(), " on line " + value.line()));
              }
            });
    for (var key : layers.operator().keySet()) {
      if (Keys.find(key).isEmpty()) {
        problems.add(Problem.unknownKey(key, null, ""));
      }
    }
    var values = new LinkedHashMap<String, LayeredValue>();
    for (var key : Keys.list()) {
      resolve(key, layers, values, problems);
    }
    if (problems.isEmpty()) {
      problems.addAll(KeysTogether.problems(values, layers));
    }
    if (!problems.isEmpty()) {
      throw new InvalidConfiguration(problems);
    }
    return new Resolved(values);
  }

  private static void resolve(
      Key key, Layers layers, Map<String, LayeredValue> values, List<Problem> problems) {
    // Every layer is judged, also where another hides it: what is wrong should be known.
    @Nullable LayeredValue found =
        key.standard() == null ? null : LayeredValue.upon(null, key.standard(), Layer.DEFAULT);
    var ini = layers.ini().get(key.name());
    if (ini != null) {
      var where = ini.line() == 0 ? "" : " on line " + ini.line();
      found = judge(key, ini.text(), ini.line(), Layer.INI, where, found, problems);
    }
    // Compose files hand on variables that nobody has set, as empty ones.
    var variable = layers.environment().getOrDefault(key.variable(), "");
    if (!variable.isBlank()) {
      var where = " (environment variable " + key.variable() + ")";
      found = judge(key, variable, null, Layer.ENVIRONMENT, where, found, problems);
    }
    var operator = layers.operator().get(key.name());
    if (operator != null) {
      found = judge(key, operator, null, Layer.OPERATOR, "", found, problems);
    }
    if (found != null) {
      values.put(key.name(), found);
    } else if (problems.isEmpty()) {
      problems.add(
          new Problem(
              key.name(),
              null,
              null,
              "%s is missing: set it in chatmail.ini or as %s; it must be %s"
                  .formatted(key.name(), key.variable(), key.kind().allowed()),
              null));
    }
  }

  private static @Nullable LayeredValue judge(
      Key key,
      String text,
      @Nullable Integer line,
      Layer layer,
      String where,
      @Nullable LayeredValue beneath,
      List<Problem> problems) {
    var canonical = key.canonical(text);
    if (canonical.isEmpty()) {
      problems.add(Problem.wrongValue(key, line, text, where));
      return null;
    }
    return LayeredValue.upon(beneath, canonical.get(), layer);
  }

  /** The values alone. */
  Map<String, String> plain() {
    var plain = new LinkedHashMap<String, String>();
    values.forEach((key, value) -> plain.put(key, value.value()));
    return plain;
  }
}
