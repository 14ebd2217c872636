package dev.postbus.policy.message;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.james.mime4j.stream.RawField;
import org.apache.james.mime4j.stream.RawFieldParser;

/**
 * What a header says that its body is.
 *
 * @param type such as {@code text/plain}, in lower case
 * @param boundary what separates the parts, empty if there are none
 */
record ContentType(String type, String boundary) {
  private static final ContentType PLAIN = new ContentType("text/plain", "");
  private static final int LONGEST_BOUNDARY = 200;

  /**
   * Reads it from a header; without one it is plain text (RFC 2045 section 5.2).
   *
   * @throws MalformedMessageException if different readers could understand it differently
   */
  static ContentType of(Header header) throws MalformedMessageException {
    var fields = header.all("content-type");
    if (fields.isEmpty()) {
      return PLAIN;
    }
    if (fields.size() > 1) {
      throw new MalformedMessageException("the content's type is said more than once");
    }
    var body = RawFieldParser.DEFAULT.parseRawBody(new RawField("Content-Type", fields.getFirst()));
    var boundary = "";
    for (var parameter : body.getParams()) {
      if (parameter.getName().equalsIgnoreCase("boundary")) {
        if (!boundary.isEmpty() || parameter.getValue() == null) {
          throw new MalformedMessageException("the boundary is not clear");
        }
        boundary = parameter.getValue();
      }
    }
    var type = body.getValue() == null ? "" : body.getValue().strip().toLowerCase(Locale.ROOT);
    if (type.startsWith("multipart/")
        && (boundary.isEmpty() || boundary.length() > LONGEST_BOUNDARY)) {
      throw new MalformedMessageException("the parts have no boundary");
    }
    return new ContentType(type, boundary);
  }

  boolean isMultipart() {
    return type.startsWith("multipart/");
  }

  /** How a line between parts begins. */
  byte[] delimiter() {
    return ("--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
  }
}
