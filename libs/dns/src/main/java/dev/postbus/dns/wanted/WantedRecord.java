package dev.postbus.dns.wanted;

import java.util.List;
import java.util.Optional;

/**
 * A set of records of one name and type that should be in DNS.
 *
 * @param name the whole name, with a dot at the end
 * @param type as zone files have it, e.g. {@code MX}
 * @param need whether the relay works without it
 * @param values the records' values without quotation marks; empty if there must be none
 * @param rule what means the same
 */
public record WantedRecord(String name, String type, Need need, List<String> values, Rule rule) {
  /** Copies the values. */
  public WantedRecord {
    values = List.copyOf(values);
  }

  /** Whether a relay works without a record. */
  public enum Need {
    /** Mail, clients or certificates fail without it. */
    REQUIRED,
    /** Others trust the relay more, and clients find it by themselves. */
    RECOMMENDED
  }

  /** Of what was found under the name and type, that which this is about. */
  public List<String> concerned(List<String> found) {
    return found.stream().filter(rule::concerns).toList();
  }

  /**
   * What is wrong with what was found; empty if it means what is wanted.
   *
   * @param found as {@link #values}, those that {@link #concerned} has left
   */
  public Optional<String> problem(List<String> found) {
    if (found.isEmpty()) {
      return values.isEmpty() ? Optional.empty() : Optional.of("missing");
    }
    return rule.problem(found);
  }
}
