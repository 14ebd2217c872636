package dev.postbus.policy.dkim;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.james.jdkim.api.Headers;

/** The fields of a message's header as they were sent, folds included. */
final class MessageHeader implements Headers {
  /** Bytes; the header of a chat message has a hundredth of it. */
  static final int LONGEST = 256 * 1024;

  private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern BETWEEN_FIELDS = Pattern.compile("\r\n(?![ \t])");
  // RFC 5322 section 2.2, with the space before the colon of section 4.5.
  private static final Pattern NAME = Pattern.compile("([!-9;-~]++)[ \t]*+:");

  private final List<String> fields = new ArrayList<>();
  private final Map<String, List<String>> byName = new HashMap<>();

  private MessageHeader() {}

  /**
   * Reads up to the empty line that ends the header; the stream then stands at the body.
   *
   * @param message with CRLF line ends
   * @return empty if it is longer than {@link #LONGEST}, or has a line that belongs to no field
   */
  static Optional<MessageHeader> read(InputStream message) throws IOException {
    var bytes = new ByteArrayOutputStream(4096);
    // As if an empty line before had ended: a message may begin with its body.
    var matched = 2;
    while (matched < END.length) {
      int b = message.read();
      if (b < 0) {
        break;
      }
      if (bytes.size() >= LONGEST) {
        return Optional.empty();
      }
      bytes.write(b);
      matched = b == END[matched] ? matched + 1 : b == '\r' ? 1 : 0;
    }
    // What is not UTF-8 (RFC 6532) loses its form here, and cannot have a valid signature.
    var text = bytes.toString(StandardCharsets.UTF_8);
    return of(text.substring(0, Math.max(0, text.length() - matched)));
  }

  private static Optional<MessageHeader> of(String text) {
    var header = new MessageHeader();
    if (text.isEmpty()) {
      return Optional.of(header);
    }
    for (var field : BETWEEN_FIELDS.split(text)) {
      var name = NAME.matcher(field);
      if (!name.lookingAt()) {
        return Optional.empty();
      }
      header.fields.add(field);
      header.byName.computeIfAbsent(lower(name.group(1)), n -> new ArrayList<>()).add(field);
    }
    return Optional.of(header);
  }

  @Override
  public List<String> getFields() {
    return fields;
  }

  /** The fields of a name, whatever its case, from top to bottom. */
  @Override
  public List<String> getFields(String name) {
    return byName.getOrDefault(lower(name), List.of());
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
