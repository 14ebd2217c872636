package dev.postbus.policy.message;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of a header that decide about a message; the others are passed over. */
final class Header {
  private static final int MOST_BYTES = 100_000;
  private static final int MOST_FIELDS = 1000;
  private static final Set<String> KEPT =
      Set.of("from", "subject", "secure-join", "auto-submitted", "content-type");

  private final Map<String, List<String>> fields = new HashMap<>();

  private Header() {}

  /**
   * Reads up to the empty line, or to the end of the message.
   *
   * @throws MalformedMessageException if a line is no field, or there is too much
   */
  static Header read(Lines lines) throws IOException {
    var header = new Header();
    StringBuilder value = null;
    var name = "";
    int bytes = 0;
    int count = 0;
    while (lines.next() && !lines.isEmpty()) {
      bytes += lines.length();
      var first = lines.bytes()[lines.start()];
      if (first == ' ' || first == '\t') {
        if (count == 0) {
          throw new MalformedMessageException("the header begins with a continuation");
        }
        if (value != null) {
          value.append(lines.text());
        }
      } else {
        header.add(name, value);
        count++;
        name = nameOf(lines);
        value =
            KEPT.contains(name)
                ? new StringBuilder(lines.text().substring(colon(lines) + 1 - lines.start()))
                : null;
      }
      if (bytes > MOST_BYTES || count > MOST_FIELDS) {
        throw new MalformedMessageException("the header is too large");
      }
    }
    header.add(name, value);
    return header;
  }

  /** The values of all fields with a name, unfolded. */
  List<String> all(String lowerCaseName) {
    return fields.getOrDefault(lowerCaseName, List.of());
  }

  /** The value of a field that is there once; empty if it is missing or there more often. */
  String only(String lowerCaseName) {
    var all = all(lowerCaseName);
    return all.size() == 1 ? all.getFirst().strip() : "";
  }

  private void add(String name, @Nullable StringBuilder value) throws MalformedMessageException {
    if (value != null) {
      if (value.indexOf("\r") >= 0) {
        throw new MalformedMessageException("a header field has a bare CR");
      }
      fields.computeIfAbsent(name, n -> new ArrayList<>(1)).add(value.toString());
    }
  }

  /** White space before the colon is obsolete syntax (RFC 5322 section 4.5), yet the same field. */
  private static String nameOf(Lines lines) throws MalformedMessageException {
    var end = colon(lines);
    while (end > lines.start() && lines.bytes()[end - 1] <= ' ' && lines.bytes()[end - 1] > 0) {
      end--;
    }
    if (end == lines.start()) {
      throw new MalformedMessageException("a header field has no name");
    }
    return lines.text().substring(0, end - lines.start()).toLowerCase(Locale.ROOT);
  }

  private static int colon(Lines lines) throws MalformedMessageException {
    for (int i = lines.start(); i < lines.end(); i++) {
      if (lines.bytes()[i] == ':') {
        return i;
      }
    }
    throw new MalformedMessageException("a line of the header is no field");
  }
}
