package dev.postbus.policy.smtp;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The argument of MAIL or RCPT (RFC 5321 section 4.1.2): an address in angle brackets and
 * parameters. Parameters are only looked at as far as the filter itself needs them; the next server
 * judges them.
 *
 * @param address what stands between the brackets, empty for a bounce's sender
 * @param parameters the words after it
 */
record MailPath(String address, List<String> parameters) {
  private static final int LONGEST_ADDRESS = 512;

  /** Understands an argument such as {@code FROM:<a@b> SIZE=100}; empty if it is none. */
  static Optional<MailPath> of(String argument, String keyword) {
    if (!argument.regionMatches(true, 0, keyword, 0, keyword.length())) {
      return Optional.empty();
    }
    var path = argument.substring(keyword.length()).stripLeading();
    var end = endOfAddress(path);
    if (end < 0 || end > LONGEST_ADDRESS) {
      return Optional.empty();
    }
    var rest = path.substring(end + 1);
    if (!rest.isEmpty() && rest.charAt(0) != ' ') {
      return Optional.empty();
    }
    var words = rest.isBlank() ? List.<String>of() : List.of(rest.strip().split(" +"));
    return Optional.of(new MailPath(path.substring(1, end), words));
  }

  /** The size that the sender announces (RFC 1870). */
  OptionalLong announcedSize() throws NumberFormatException {
    for (var word : parameters) {
      if (word.toUpperCase(Locale.ROOT).startsWith("SIZE=")) {
        return OptionalLong.of(Long.parseUnsignedLong(word.substring("SIZE=".length())));
      }
    }
    return OptionalLong.empty();
  }

  /** Where the closing bracket is that no quotation hides. */
  private static int endOfAddress(String path) {
    if (path.isEmpty() || path.charAt(0) != '<') {
      return -1;
    }
    var quoted = false;
    for (int i = 1; i < path.length(); i++) {
      switch (path.charAt(i)) {
        case '"' -> quoted = !quoted;
        case '\\' -> i += quoted ? 1 : 0;
        case '>' -> {
          if (!quoted) {
            return i;
          }
        }
        case '<', ' ' -> {
          if (!quoted) {
            return -1;
          }
        }
        default -> {}
      }
    }
    return -1;
  }
}
