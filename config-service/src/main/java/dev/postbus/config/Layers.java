package dev.postbus.config;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the layers above the defaults hold.
 *
 * @param ini by key, with lines; line 0 where the file itself was not at hand
 * @param environment by variable; what is no key's variable is passed over
 * @param operator by key
 */
record Layers(
    Map<String, IniFile.Value> ini, Map<String, String> environment, Map<String, String> operator) {

  /** The layers that a configuration was made of. */
  static Layers of(Map<String, LayeredValue> values) {
    var ini = new LinkedHashMap<String, IniFile.Value>();
    var environment = new LinkedHashMap<String, String>();
    var operator = new LinkedHashMap<String, String>();
    values.forEach(
        (name, value) ->
            value
                .all()
                .forEach(
                    one -> {
                      switch (one.layer()) {
                        case INI -> ini.put(name, new IniFile.Value(one.value(), 0));
                        case ENVIRONMENT -> environment.put(Key.variableOf(name), one.value());
                        case OPERATOR -> operator.put(name, one.value());
                        case DEFAULT -> {}
                      }
                    }));
    return new Layers(ini, environment, operator);
  }

  Layers withOperator(Map<String, String> other) {
    return new Layers(ini, environment, other);
  }
}
