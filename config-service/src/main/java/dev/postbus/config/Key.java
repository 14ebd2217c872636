package dev.postbus.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key of the configuration.
 *
 * @param name as it is written in {@code chatmail.ini}
 * @param kind what it accepts
 * @param standard the default in canonical form; null if it must be given
 * @param meaning one line for the ini file
 */
record Key(String name, Kind kind, @Nullable String standard, String meaning) {
  /** A value in canonical form, or empty if it is not allowed. */
  Optional<String> canonical(String text) {
    // "unset" is how the iroh relay's default can be written down.
    return text.equals(standard) ? Optional.of(text) : kind.canonical(text);
  }

  static String variableOf(String name) {
    return name.toUpperCase(java.util.Locale.ROOT);
  }

  /** The environment variable of the same meaning. */
  String variable() {
    return variableOf(name);
  }
}
