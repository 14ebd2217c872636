package dev.postbus.dns.wanted;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One record has these tags, and may have others.
 *
 * @param first what marks a record of the kind, e.g. {@code v=DMARC1}; empty if nothing does
 * @param tags tags with what their values must be like
 */
record TagRule(String first, Map<String, Pattern> tags) implements Rule {
  /** Copies the tags. */
  TagRule {
    tags = Map.copyOf(tags);
  }

  @Override
  public boolean concerns(String found) {
    return found.replaceAll("\\s", "").startsWith(first);
  }

  @Override
  public Optional<String> problem(List<String> found) {
    if (found.size() > 1) {
      return Optional.of("there are %d records, of which none counts".formatted(found.size()));
    }
    var read = TagList.read(found.getFirst());
    if (read.isEmpty()) {
      return Optional.of("is not a list of tags and values");
    }
    return tags.entrySet().stream()
        .filter(tag -> !tag.getValue().matcher(read.get().value(tag.getKey(), "")).matches())
        .map(tag -> tag.getKey() + " is not as wanted")
        .sorted()
        .reduce((one, other) -> one + ", " + other);
  }
}
