package dev.postbus.config;

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
  /** The environment variable of the same meaning. */
  String variable() {
    return name.toUpperCase(java.util.Locale.ROOT);
  }
}
