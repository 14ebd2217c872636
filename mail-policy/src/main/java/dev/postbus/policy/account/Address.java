package dev.postbus.policy.account;

import java.util.Optional;

/**
 * An address of this relay.
 *
 * @param localPart before the {@code @}
 * @param domain after it
 */
public record Address(String localPart, String domain) {
  /** Reads an address; empty if it could not be a folder's name, or has not one {@code @}. */
  public static Optional<Address> parse(String text) {
    var at = text.indexOf('@');
    if (at < 1
        || at != text.lastIndexOf('@')
        || at == text.length() - 1
        || text.length() > 254
        || text.chars().anyMatch(c -> c == '/' || c <= ' ' || c > '~')) {
      return Optional.empty();
    }
    return Optional.of(new Address(text.substring(0, at), text.substring(at + 1)));
  }

  /** Whether an address is one of automatic tests. */
  public static boolean isOfTests(String text) {
    return text.startsWith("ci-");
  }

  @Override
  public String toString() {
    return localPart + "@" + domain;
  }
}
