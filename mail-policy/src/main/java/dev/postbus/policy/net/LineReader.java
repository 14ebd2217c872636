package dev.postbus.policy.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads bounded lines from a peer; bytes become characters one to one. What is not lines is looked
 * at in its block, without copying: {@link #block}, {@link #position}, {@link #limit}, {@link
 * #consumeTo}, {@link #fill}.
 */
public final class LineReader {
  // A connection that only waits costs little; one that brings much gets a larger block.
  private static final int FIRST_BLOCK = 1024;

  private final InputStream in;
  private final int longest;
  private byte[] block = new byte[FIRST_BLOCK];
  private int position;
  private int limit;

  /** Reads lines of at most so many bytes. */
  public LineReader(InputStream in, int longest) {
    this.in = in;
    this.longest = longest;
  }

  /**
   * The next line with its end, or null at the end of the stream; what is left unfinished there is
   * not a line.
   *
   * @throws LineTooLongException if it is too long
   */
  public @Nullable String line() throws IOException {
    ByteArrayOutputStream begun = null;
    while (true) {
      var end = endOfLine();
      var length = end - position + (begun == null ? 0 : begun.size());
      if (length > longest) {
        throw new LineTooLongException(longest);
      }
      if (end > position && block[end - 1] == '\n') {
        var line = new String(block, position, end - position, StandardCharsets.ISO_8859_1);
        position = end;
        return begun == null ? line : begun.toString(StandardCharsets.ISO_8859_1) + line;
      }
      if (end > position) {
        begun = begun == null ? new ByteArrayOutputStream(256) : begun;
        begun.write(block, position, end - position);
        position = end;
      }
      if (!fill()) {
        return null;
      }
    }
  }

  /** Whether bytes are here already, so that reading on does not wait. */
  public boolean hasMore() {
    return position < limit;
  }

  /** The bytes at hand: those from {@link #position} to {@link #limit}. */
  public byte[] block() {
    return block;
  }

  /** Where the first unread byte is. */
  public int position() {
    return position;
  }

  /** Where the bytes at hand end. */
  public int limit() {
    return limit;
  }

  /** Says that all before an index has been read. */
  public void consumeTo(int index) {
    if (index < position || index > limit) {
      throw new IndexOutOfBoundsException(index);
    }
    position = index;
  }

  /**
   * Reads the next block, when all of the one before has been read.
   *
   * @return whether there are bytes now; false at the end of the stream
   */
  public boolean fill() throws IOException {
    if (position < limit) {
      return true;
    }
    if (limit == block.length && block.length < Listener.blockSize()) {
      block = new byte[Math.min(Listener.blockSize(), block.length * 8)];
    }
    position = 0;
    limit = Math.max(0, in.read(block));
    return limit > 0;
  }

  private int endOfLine() {
    int i = position;
    while (i < limit) {
      if (block[i++] == '\n') {
        return i;
      }
    }
    return i;
  }
}
