package dev.postbus.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks for.
 *
 * @param set keys with new values
 * @param unset keys to be given back to the layers beneath
 * @param actor who asks
 * @param reason why
 */
record ChangeRequest(
    @Nullable Map<String, JsonNode> set,
    @Nullable List<String> unset,
    @Nullable String actor,
    @Nullable String reason) {

  Edit edit() throws InvalidConfiguration {
    var values = new LinkedHashMap<String, String>();
    var problems = new ArrayList<Problem>();
    if (set != null) {
      set.forEach(
          (key, value) -> {
            if (value.isValueNode() && !value.isNull()) {
              values.put(key, value.asText());
            } else {
              var message = key + " must be text, number or truth";
              problems.add(new Problem(key, null, null, message, null));
            }
          });
    }
    if (!problems.isEmpty()) {
      throw new InvalidConfiguration(problems);
    }
    return new Edit(values, unset == null ? List.of() : unset);
  }

  Version.Author author() throws InvalidConfiguration {
    return Answering.author(actor, reason);
  }
}
