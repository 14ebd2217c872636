package dev.postbus.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Versions for which a change was meant.
 *
 * @param numbers any of them will do
 */
record Expectation(List<Long> numbers) {
  /** Copies the list. */
  Expectation {
    numbers = List.copyOf(numbers);
  }

  /**
   * Reads {@code If-Match} (RFC 9110, section 13.1.1): entity tags are versions' numbers.
   *
   * @return empty if any version will do
   * @throws IllegalArgumentException with what is allowed
   */
  static Optional<Expectation> of(String header) {
    if (header.strip().equals("*")) {
      return Optional.empty();
    }
    var numbers = new ArrayList<Long>();
    for (var tag : header.split(",", -1)) {
      if (!tag.strip().matches("\"\\d{1,18}\"")) {
        throw new IllegalArgumentException(
            "If-Match must be the number of a version in quotes, such as \"7\", or *");
      }
      numbers.add(Long.parseLong(tag.strip().replace("\"", "")));
    }
    return Optional.of(new Expectation(numbers));
  }

  boolean matches(Version version) {
    return numbers.contains(version.number());
  }

  @Override
  public String toString() {
    return String.join(" or ", numbers.stream().map(String::valueOf).toList());
  }
}
