package dev.postbus.policy.message;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The lines of a message, each looked at where it lies in the block that was read: {@link #bytes}
 * from {@link #start} to {@link #end}, without the line's end, until the next is asked for.
 */
final class Lines {
  /** Far more than the 998 bytes of RFC 5322, and less than a block. */
  static final int LONGEST = 16 * 1024;

  // Most messages are small and need no more; what fills it is read in larger pieces.
  private static final int FIRST_BLOCK = 8 * 1024;
  private static final int LARGEST_BLOCK = 32 * 1024;

  private final InputStream in;
  private byte[] block = new byte[FIRST_BLOCK];
  private int start;
  private int end;
  private int next;
  private int limit;

  Lines(InputStream in) {
    this.in = in;
  }

  byte[] bytes() {
    return block;
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }

  int length() {
    return end - start;
  }

  boolean isEmpty() {
    return start == end;
  }

  /** The line as text, a byte a character. */
  String text() {
    return new String(block, start, end - start, StandardCharsets.ISO_8859_1);
  }

  boolean is(byte[] text) {
    return length() == text.length && startsWith(text);
  }

  boolean startsWith(byte[] text) {
    if (length() < text.length) {
      return false;
    }
    for (int i = 0; i < text.length; i++) {
      if (block[start + i] != text[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Goes to the next line.
   *
   * @return whether there is one
   * @throws MalformedMessageException if it is too long
   */
  boolean next() throws IOException {
    var scanned = next;
    while (true) {
      for (int i = scanned; i < limit; i++) {
        if (block[i] == '\n') {
          take(i, i + 1);
          return true;
        }
      }
      if (limit - next > LONGEST) {
        throw new MalformedMessageException("a line is longer than " + LONGEST + " bytes");
      }
      scanned = limit - next;
      var roomy = limit < block.length || block.length == LARGEST_BLOCK;
      var target = roomy ? block : new byte[LARGEST_BLOCK];
      System.arraycopy(block, next, target, 0, scanned);
      block = target;
      next = 0;
      limit = scanned;
      var count = in.read(block, limit, block.length - limit);
      if (count < 0) {
        take(limit, limit);
        return start < limit;
      }
      limit += count;
    }
  }

  private void take(int lineEnd, int nextLine) throws MalformedMessageException {
    start = next;
    end = lineEnd > start && block[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    next = nextLine;
    if (end - start > LONGEST) {
      throw new MalformedMessageException("a line is longer than " + LONGEST + " bytes");
    }
  }
}
