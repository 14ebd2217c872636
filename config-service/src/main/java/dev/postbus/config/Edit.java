package dev.postbus.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A change of the operator's layer.
 *
 * @param set keys with new values, as they were written
 * @param unset keys to be given back to the layers beneath
 */
record Edit(Map<String, String> set, List<String> unset) {
  /** Copies the collections. */
  Edit {
    set = Map.copyOf(set);
    unset = List.copyOf(unset);
  }

  /**
   * The layer after the change. A key that is set to the value which it has already stays where it
   * comes from.
   */
  Map<String, String> applyTo(Map<String, LayeredValue> values) throws InvalidConfiguration {
    var problems = new ArrayList<Problem>();
    for (var key : unset) {
      if (Keys.find(key).isEmpty()) {
        problems.add(Problem.unknownKey(key, null, ""));
      }
      if (set.containsKey(key)) {
        problems.add(new Problem(key, null, null, key + " is both set and unset", null));
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidConfiguration(problems);
    }
    var operator = new LinkedHashMap<>(Layers.of(values).operator());
    operator.keySet().removeAll(unset);
    set.forEach(
        (key, text) -> {
          if (operator.containsKey(key) || !isAlready(key, text, values)) {
            operator.put(key, text);
          }
        });
    return operator;
  }

  private static boolean isAlready(String key, String text, Map<String, LayeredValue> values) {
    var now = values.get(key);
    return now != null
        && Keys.find(key)
            .flatMap(known -> known.canonical(text))
            .filter(now.value()::equals)
            .isPresent();
  }
}
