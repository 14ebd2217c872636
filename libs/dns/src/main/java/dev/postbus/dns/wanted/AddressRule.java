package dev.postbus.dns.wanted;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * The domain leads to these addresses and nowhere else.
 *
 * @param addresses in the form of {@link AddressText}; none if it must have none
 */
record AddressRule(List<String> addresses) implements Rule {
  @Override
  public Optional<String> problem(List<String> found) {
    var others = found.stream().filter(address -> !addresses.contains(address)).toList();
    if (!others.isEmpty()) {
      return Optional.of(
          "leads to %s, which is not an address of this relay"
              .formatted(String.join(", ", others)));
    }
    var missing =
        addresses.stream().filter(address -> !new HashSet<>(found).contains(address)).toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of("does not lead to " + String.join(", ", missing));
  }
}
