package dev.postbus.policy.message;

import java.io.IOException;

/**
 * The parts of a multipart body, one after another (RFC 2046 section 5.1.1). No kind of message
 * that passes has parts within parts, so there is no depth, and who asks for no more parts reads no
 * further: neither can be used against us.
 */
final class Parts {
  private final Lines lines;
  private final byte[] delimiter;
  private At at = At.TEXT;
  private boolean textAround;

  private enum At {
    TEXT,
    DELIMITER,
    END
  }

  Parts(Lines lines, ContentType type) {
    this.lines = lines;
    this.delimiter = type.delimiter();
  }

  /** Goes to the next part, past what is left of this one, if there is one. */
  boolean next() throws IOException {
    while (at == At.TEXT && nextLine()) {
      textAround |= !isBlank();
    }
    if (at == At.END) {
      return false;
    }
    at = At.TEXT;
    return true;
  }

  /** Goes to the next line of this part; it is in {@link #lines}. */
  boolean nextLine() throws IOException {
    if (at != At.TEXT) {
      return false;
    }
    at = !lines.next() ? At.END : kindOf();
    return at == At.TEXT;
  }

  Lines lines() {
    return lines;
  }

  /** Whether words stood before the first part or, looked for now, stand after the last. */
  boolean hasTextAround() throws IOException {
    while (!textAround && lines.next()) {
      textAround = !isBlank();
    }
    return textAround;
  }

  private boolean isBlank() {
    for (int i = lines.start(); i < lines.end(); i++) {
      if (lines.bytes()[i] != ' ' && lines.bytes()[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  /** A line that only begins like a delimiter is one to some readers and text to others. */
  private At kindOf() throws MalformedMessageException {
    if (!lines.startsWith(delimiter)) {
      return At.TEXT;
    }
    var from = lines.start() + delimiter.length;
    var closes =
        lines.end() - from >= 2 && lines.bytes()[from] == '-' && lines.bytes()[from + 1] == '-';
    for (int i = closes ? from + 2 : from; i < lines.end(); i++) {
      if (lines.bytes()[i] != ' ' && lines.bytes()[i] != '\t') {
        throw new MalformedMessageException("a line is nearly a delimiter");
      }
    }
    return closes ? At.END : At.DELIMITER;
  }
}
