package dev.postbus.policy.message;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Fuzz target: ASCII armor, and the packets in it. */
public final class ArmorFuzz {
  private static final ContentType TYPE = new ContentType("multipart/encrypted", "b");

  private ArmorFuzz() {}

  /** The bytes as text of an armor, and as packets, which a plain walk must judge the same way. */
  public static void fuzzerTestOneInput(byte[] input) {
    var text = new String(input, StandardCharsets.ISO_8859_1);
    isIn(text);
    var lineLength = input.length == 0 ? 4 : Math.max(4, input[0] & 0x7c);
    var letters = Base64.getMimeEncoder(lineLength, new byte[] {'\r', '\n'}).encodeToString(input);
    var found =
        isIn("-----BEGIN PGP MESSAGE-----\r\n\r\n" + letters + "\r\n-----END PGP MESSAGE-----\r\n");
    if (found != isMessage(input)) {
      throw new IllegalStateException("found " + found);
    }
  }

  private static boolean isIn(String text) {
    try {
      var lines = new Lines(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
      return Armor.isIn(new Parts(lines, TYPE), true);
    } catch (MalformedMessageException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same question, answered with the whole message at hand. */
  private static boolean isMessage(byte[] packets) {
    long i = 0;
    while (i < packets.length) {
      var header = at(packets, i++);
      var type = header & 0x3f;
      if ((header & 0xc0) != 0xc0 || (type != 1 && type != 3 && type != 18)) {
        return false;
      }
      var length = at(packets, i++);
      while (length >= 224 && length < 255) {
        i += 1L << (length & 0x1f);
        length = at(packets, i++);
      }
      if (length < 0) {
        return false;
      }
      if (length < 192) {
        i += length;
      } else if (length < 224) {
        if (i >= packets.length) {
          return false;
        }
        i += ((length - 192) << 8) + 192 + at(packets, i) + 1;
      } else {
        if (i + 4 > packets.length) {
          return false;
        }
        long four = 0;
        for (int n = 0; n < 4; n++) {
          four = four << 8 | at(packets, i + n);
        }
        i += 4 + four;
      }
      if (type == 18) {
        return i == packets.length;
      }
    }
    return false;
  }

  /** A byte, or -1 where there is none. */
  private static int at(byte[] bytes, long index) {
    return index < bytes.length ? bytes[(int) index] & 0xff : -1;
  }
}
