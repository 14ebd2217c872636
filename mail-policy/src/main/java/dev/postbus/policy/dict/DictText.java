package dev.postbus.policy.dict;

import java.util.ArrayList;
import java.util.List;

/** The escapes of Dovecot's dict protocol and of our keys. */
final class DictText {
  private static final char ESCAPE = '\u0001';

  private DictText() {}

  /** Undoes Dovecot's tab escaping (lib/strescape.c: \001 followed by 0, 1, t, r, n). */
  static String unescapeTabs(String text) {
    if (text.indexOf(ESCAPE) < 0) {
      return text;
    }
    var plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c == ESCAPE && i + 1 < text.length()) {
        i++;
        plain.append(
            switch (text.charAt(i)) {
              case '0' -> '\0';
              case '1' -> ESCAPE;
              case 't' -> '\t';
              case 'r' -> '\r';
              case 'n' -> '\n';
              default -> text.charAt(i);
            });
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  /** Does Dovecot's tab escaping. */
  static String escapeTabs(String text) {
    return text.replace("\u0001", "\u00011")
        .replace("\0", "\u00010")
        .replace("\t", "\u0001t")
        .replace("\r", "\u0001r")
        .replace("\n", "\u0001n");
  }

  /**
   * Splits at quotation marks that no backslash precedes, and undoes the backslashes that Dovecot's
   * {@code %E} modifier puts before quotation marks, apostrophes and backslashes.
   */
  static List<String> splitQuoted(String text) {
    var parts = new ArrayList<String>();
    var part = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        i++;
        part.append(text.charAt(i));
      } else if (c == '"') {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString());
    return parts;
  }
}
