package dev.postbus.policy.smtp;

import java.util.Locale;

/**
 * A command line of an SMTP client.
 *
 * @param line all of it, without its end
 * @param verb its first word, in upper case
 * @param argument what follows the first word and its space
 */
record SmtpCommand(String line, String verb, String argument) {
  static SmtpCommand of(String line) {
    var space = line.indexOf(' ');
    return space < 0
        ? new SmtpCommand(line, line.toUpperCase(Locale.ROOT), "")
        : new SmtpCommand(
            line,
            line.substring(0, space).toUpperCase(Locale.ROOT),
            line.substring(space + 1).strip());
  }

  /** Whether it has bytes that no command has, and that must not reach another server. */
  boolean hasControlCharacters() {
    for (int i = 0; i < line.length(); i++) {
      var c = line.charAt(i);
      if (c < ' ' || c == 0x7f) {
        return true;
      }
    }
    return false;
  }
}
