package dev.postbus.policy.message;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The base 64 letters between the lines of an ASCII armor (RFC 9580 section 6.2). The checksum line
 * may be there, be wrong, or be missing: section 6.1 forbids to refuse for it.
 */
final class ArmorInputStream extends InputStream {
  private static final String BEGIN = "-----BEGIN PGP MESSAGE-----";
  private static final String END = "-----END PGP MESSAGE-----";
  private static final int LONGEST_LINE = 1000;

  private final InputStream in;
  private byte[] line = new byte[0];
  private int position;
  private boolean ended;

  private ArmorInputStream(InputStream in) {
    this.in = in;
  }

  /** Reads up to the first line of base 64; empty if this is no armor of a message. */
  static Optional<ArmorInputStream> open(InputStream text, boolean commentsAllowed)
      throws IOException {
    var armor = new ArmorInputStream(new BufferedInputStream(text));
    var first = armor.nextLine();
    while (first != null && first.isEmpty()) {
      first = armor.nextLine();
    }
    if (!BEGIN.equals(first)) {
      return Optional.empty();
    }
    for (var header = armor.nextLine(); header != null; header = armor.nextLine()) {
      if (header.isEmpty()) {
        return Optional.of(armor);
      }
      var known = header.matches("(Version|Comment|MessageID|Hash|Charset): ?.*");
      if (!known || (header.startsWith("Comment") && !commentsAllowed)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** Whether the last line of the armor was there, and nothing behind it. */
  boolean endedWell() throws IOException {
    if (read() >= 0 || !ended) {
      return false;
    }
    for (var rest = nextLine(); rest != null; rest = nextLine()) {
      if (!rest.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int read() throws IOException {
    while (position == line.length) {
      if (ended) {
        return -1;
      }
      fill();
    }
    return line[position++];
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    var first = read();
    if (first < 0) {
      return -1;
    }
    target[offset] = (byte) first;
    var more = Math.min(length - 1, line.length - position);
    System.arraycopy(line, position, target, offset + 1, more);
    position += more;
    return more + 1;
  }

  private void fill() throws IOException {
    var next = nextLine();
    if (next == null) {
      throw new MalformedArmorException("the armor is cut off");
    }
    position = 0;
    if (next.startsWith("=") && !next.startsWith("==")) {
      // The checksum: whatever it says, the end must follow.
      next = nextLine();
      if (!END.equals(next)) {
        throw new MalformedArmorException("something follows the checksum");
      }
    }
    if (END.equals(next)) {
      ended = true;
      line = new byte[0];
    } else if (next != null && next.matches("[A-Za-z0-9+/]*={0,2}")) {
      line = next.getBytes(StandardCharsets.US_ASCII);
    } else {
      throw new MalformedArmorException("not base 64");
    }
  }

  private @Nullable String nextLine() throws IOException {
    var bytes = new ByteArrayOutputStream(80);
    int b = in.read();
    if (b < 0) {
      return null;
    }
    for (; b >= 0 && b != '\n'; b = in.read()) {
      bytes.write(b);
      if (bytes.size() > LONGEST_LINE) {
        throw new MalformedArmorException("a line is too long");
      }
    }
    return bytes.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }
}
