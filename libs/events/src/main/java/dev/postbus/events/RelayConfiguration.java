package dev.postbus.events;

import java.util.Map;

/**
 * Typed access to a validated configuration.
 *
 * @param values every key with its canonical value
 */
public record RelayConfiguration(Map<String, String> values) {
  /** Copies the map. */
  public RelayConfiguration {
    values = Map.copyOf(values);
  }

  /** The relay's mail domain. */
  public String mailDomain() {
    return text("mail_domain");
  }

  /** Whether the domain can only have a self-signed certificate. */
  public boolean selfSignedDomain() {
    return mailDomain().startsWith("_") || ipOnly();
  }

  /** Whether the domain is an IPv4 address, so that addresses are {@code user@[1.2.3.4]}. */
  public boolean ipOnly() {
    return mailDomain().matches("\\d{1,3}(\\.\\d{1,3}){3}");
  }

  /** What follows the {@code @} in an address of this relay. */
  public String addressDomain() {
    return ipOnly() ? "[" + mailDomain() + "]" : mailDomain();
  }

  /** Who may have a new account: {@code open}, {@code invite} or {@code closed}. */
  public String registration() {
    // What was applied by an older program has no such key.
    return values.getOrDefault("registration", "open");
  }

  /**
   * A value as it is written.
   *
   * @throws IllegalArgumentException if there is no such key
   */
  public String text(String key) {
    var value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException("the configuration has no key " + key);
    }
    return value;
  }

  /** A whole number. */
  public long number(String key) {
    return Long.parseLong(text(key));
  }

  /** A truth value. */
  public boolean flag(String key) {
    return Boolean.parseBoolean(text(key));
  }

  /** A size such as {@code 500M} in bytes; powers of 1024. */
  public long bytes(String key) {
    var text = text(key);
    var last = text.charAt(text.length() - 1);
    var unit =
        switch (last) {
          case 'G' -> 1L << 30;
          case 'M' -> 1L << 20;
          case 'K' -> 1L << 10;
          default -> 1L;
        };
    return unit == 1 ? Long.parseLong(text) : unit * Long.parseLong(text, 0, text.length() - 1, 10);
  }
}
