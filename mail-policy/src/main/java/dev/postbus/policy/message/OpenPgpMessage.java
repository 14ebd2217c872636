package dev.postbus.policy.message;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;

/**
 * Recognises an encrypted OpenPGP message (RFC 9580) in ASCII armor without reading it into memory:
 * session key packets, then as the last packet one with integrity-protected data.
 */
final class OpenPgpMessage {
  private static final int PUBLIC_KEY_ENCRYPTED_SESSION_KEY = 1;
  private static final int SYMMETRIC_KEY_ENCRYPTED_SESSION_KEY = 3;
  private static final int INTEGRITY_PROTECTED_DATA = 18;

  private OpenPgpMessage() {}

  /**
   * Whether the stream holds such a message and nothing else.
   *
   * @param commentsAllowed whether the armor may have a comment, in which anything could be said
   */
  static boolean isIn(InputStream text, boolean commentsAllowed) throws IOException {
    var armor = ArmorInputStream.open(text, commentsAllowed);
    if (armor.isEmpty()) {
      return false;
    }
    try {
      return isEncrypted(Base64.getDecoder().wrap(armor.get())) && armor.get().endedWell();
    } catch (EOFException | MalformedArmorException cutOff) {
      return false;
    } catch (IOException e) {
      // The decoder says so about text that is not base 64.
      if (e.getClass() == IOException.class) {
        return false;
      }
      throw e;
    }
  }

  /** Walks the packets; only the new header format of RFC 9580 section 4.2.1 is taken. */
  private static boolean isEncrypted(InputStream packets) throws IOException {
    for (int header = packets.read(); header >= 0; header = packets.read()) {
      if ((header & 0xc0) != 0xc0) {
        return false;
      }
      var type = header & 0x3f;
      if (type == INTEGRITY_PROTECTED_DATA) {
        skipBody(packets);
        return packets.read() < 0;
      }
      if (type != PUBLIC_KEY_ENCRYPTED_SESSION_KEY && type != SYMMETRIC_KEY_ENCRYPTED_SESSION_KEY) {
        return false;
      }
      skipBody(packets);
    }
    return false;
  }

  private static void skipBody(InputStream packets) throws IOException {
    int first = read(packets);
    // Partial lengths, powers of two, until a last one of another form.
    while (first >= 224 && first < 255) {
      skip(packets, 1L << (first & 0x1f));
      first = read(packets);
    }
    if (first < 192) {
      skip(packets, first);
    } else if (first < 224) {
      skip(packets, ((first - 192) << 8) + read(packets) + 192);
    } else {
      long length = 0;
      for (int i = 0; i < 4; i++) {
        length = length << 8 | read(packets);
      }
      skip(packets, length);
    }
  }

  private static int read(InputStream in) throws IOException {
    var b = in.read();
    if (b < 0) {
      throw new EOFException("a packet ends early");
    }
    return b;
  }

  private static void skip(InputStream in, long count) throws IOException {
    in.skipNBytes(count);
  }
}
