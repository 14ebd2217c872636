package dev.postbus.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postbus.events.RelayState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is not the same in two states.
 *
 * @param path where, e.g. {@code configuration.values.max_message_size}
 * @param before the value then, null if there was none
 * @param after the value later, null if there is none
 */
public record StateDifference(String path, @Nullable String before, @Nullable String after) {
  /** What is not the same, sorted by path. */
  public static List<StateDifference> between(RelayState before, RelayState after) {
    var old = flat(before);
    var fresh = flat(after);
    var paths = new TreeSet<>(old.keySet());
    paths.addAll(fresh.keySet());
    var differences = new ArrayList<StateDifference>();
    for (var path : paths) {
      if (!Objects.equals(old.get(path), fresh.get(path))) {
        differences.add(new StateDifference(path, old.get(path), fresh.get(path)));
      }
    }
    return differences;
  }

  private static Map<String, String> flat(RelayState state) {
    var values = new TreeMap<String, String>();
    flatten("", AuditJson.of(state), values);
    return values;
  }

  private static void flatten(String path, JsonNode node, Map<String, String> values) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              field ->
                  flatten(
                      path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                      field.getValue(),
                      values));
    } else if (node.isArray()) {
      values.put(path, node.toString());
    } else if (!node.isNull()) {
      values.put(path, node.asText());
    }
  }
}
