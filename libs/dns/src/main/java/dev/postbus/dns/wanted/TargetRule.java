package dev.postbus.dns.wanted;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One record that leads to one place. Its preference counts for nothing while it is alone.
 *
 * @param target the place: the last fields of the value
 */
record TargetRule(String target) implements Rule {
  @Override
  public Optional<String> problem(List<String> found) {
    var others = found.stream().filter(value -> !leadsThere(value)).toList();
    if (!others.isEmpty()) {
      return Optional.of("leads elsewhere: " + String.join(", ", others));
    }
    return found.size() == 1 ? Optional.empty() : Optional.of("is there more than once");
  }

  private boolean leadsThere(String value) {
    return (" " + value.toLowerCase(Locale.ROOT)).endsWith(" " + target.toLowerCase(Locale.ROOT));
  }
}
