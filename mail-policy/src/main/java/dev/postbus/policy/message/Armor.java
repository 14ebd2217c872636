package dev.postbus.policy.message;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Recognises an encrypted OpenPGP message in ASCII armor (RFC 9580 section 6.2), and nothing but
 * that: no word before, after or within. The checksum may be there, be wrong, or be missing:
 * section 6.1 forbids to refuse for it.
 */
final class Armor {
  private static final byte[] BEGIN = ascii("-----BEGIN PGP MESSAGE-----");
  private static final byte[] END = ascii("-----END PGP MESSAGE-----");
  private static final List<byte[]> HEADERS =
      List.of(
          ascii("Version: "),
          ascii("Comment: "),
          ascii("MessageID: "),
          ascii("Hash: "),
          ascii("Charset: "));
  private static final int CHECKSUM = 5;

  private Armor() {}

  /**
   * Whether a part holds such a message and nothing else.
   *
   * @param commentsAllowed whether the armor may have header lines, in which anything could be said
   */
  static boolean isIn(Parts part, boolean commentsAllowed) throws IOException {
    var lines = part.lines();
    if (!part.nextLine() || !lines.is(BEGIN)) {
      return false;
    }
    var more = part.nextLine();
    while (more && isHeader(lines)) {
      if (!commentsAllowed) {
        return false;
      }
      more = part.nextLine();
    }
    return more && hasMessage(part) && lines.is(END) && nothingFollows(part);
  }

  /** Reads from the first line behind the headers up to the last line. */
  private static boolean hasMessage(Parts part) throws IOException {
    var lines = part.lines();
    var base64 = new Base64Lines(new PacketWalk());
    var more = true;
    while (more && !isDash(lines)) {
      if (isChecksum(lines)) {
        // Whatever it says, the end must follow.
        return part.nextLine() && base64.isWhole();
      }
      if (!base64.take(lines.bytes(), lines.start(), lines.end())) {
        return false;
      }
      more = part.nextLine();
    }
    return more && base64.isWhole();
  }

  private static boolean isHeader(Lines lines) {
    for (var header : HEADERS) {
      if (lines.startsWith(header)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isDash(Lines lines) {
    return !lines.isEmpty() && lines.bytes()[lines.start()] == '-';
  }

  private static boolean isChecksum(Lines lines) {
    if (lines.length() != CHECKSUM || lines.bytes()[lines.start()] != '=') {
      return false;
    }
    for (int i = lines.start() + 1; i < lines.end(); i++) {
      if (!Base64Lines.isLetter(lines.bytes()[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean nothingFollows(Parts part) throws IOException {
    while (part.nextLine()) {
      if (!part.lines().isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
