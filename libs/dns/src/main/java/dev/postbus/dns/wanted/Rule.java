package dev.postbus.dns.wanted;

import java.util.List;
import java.util.Optional;

/** What records have to mean; how they are written is left to whoever keeps the zone. */
public interface Rule {
  /** Whether a record of the name and type is about the matter at all. */
  default boolean concerns(String found) {
    return true;
  }

  /**
   * What is wrong, in words for an operator.
   *
   * @param found one value at least
   */
  Optional<String> problem(List<String> found);
}
