package dev.postbus.config;

import org.jspecify.annotations.Nullable;

/**
 * Something wrong with a configuration.
 *
 * @param key the key; null where it is not about one
 * @param line line of the ini file, counted from 1; null where there is none
 * @param value what was given
 * @param message what is wrong and what is allowed
 * @param suggestion a key that was perhaps meant
 */
record Problem(
    @Nullable String key,
    @Nullable Integer line,
    @Nullable String value,
    String message,
    @Nullable String suggestion) {
  static Problem unknownKey(String key, @Nullable Integer line, String where) {
    var near = Keys.nearest(key).orElse(null);
    return new Problem(
        key,
        line,
        null,
        "unknown key "
            + shown(key)
            + where
            + (near == null
                ? "; the keys are " + String.join(", ", Keys.names())
                : "; did you mean " + near + "?"),
        near);
  }

  static Problem wrongValue(Key key, @Nullable Integer line, String value, String where) {
    return new Problem(
        key.name(),
        line,
        value,
        "%s%s must be %s, not '%s'"
            .formatted(key.name(), where, key.kind().allowed(), shown(value)),
        null);
  }

  static Problem inFile(@Nullable Integer line, String message) {
    return new Problem(null, line, null, message, null);
  }

  private static String shown(String value) {
    var short_ = value.length() > 60 ? value.substring(0, 60) + "…" : value;
    // What is foreign must not speak to a terminal.
    return short_.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", "?");
  }
}
