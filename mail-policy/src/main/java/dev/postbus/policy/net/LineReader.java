package dev.postbus.policy.net;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads bounded lines from a peer; bytes become characters one to one. */
public final class LineReader {
  private final InputStream in;
  private final int longest;

  /** Reads lines of at most so many bytes. */
  public LineReader(InputStream in, int longest) {
    this.in = in instanceof BufferedInputStream ? in : new BufferedInputStream(in, 8192);
    this.longest = longest;
  }

  /** The stream beneath, for what is not lines. */
  public InputStream stream() {
    return in;
  }

  /**
   * The next line with its end, or null at the end of the stream; what is left unfinished there is
   * not a line.
   *
   * @throws IOException if a line is too long
   */
  public @Nullable String line() throws IOException {
    var line = new ByteArrayOutputStream(128);
    for (int b = in.read(); b >= 0; b = in.read()) {
      line.write(b);
      if (b == '\n') {
        return line.toString(StandardCharsets.ISO_8859_1);
      }
      if (line.size() > longest) {
        throw new IOException("a line is longer than " + longest + " bytes");
      }
    }
    return null;
  }
}
