package dev.postbus.policy.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads a message after DATA up to CRLF.CRLF and nothing else (RFC 5321 section 4.1.1.4), undoing
 * the dots that were put before dots. A bare CR or LF is remembered: with it a message could be
 * smuggled past a server that takes it for an end.
 */
final class DataReader {
  private final InputStream in;
  private final long most;

  DataReader(InputStream in, long most) {
    this.in = in;
    this.most = most;
  }

  /** How reading went. */
  enum Outcome {
    WHOLE,
    TOO_LARGE,
    BARE_LINE_END
  }

  /** Reads to the end of the message also when it is refused, so that the answer can be given. */
  Outcome into(Spool spool) throws IOException {
    long size = 0;
    var bare = false;
    var atLineStart = true;
    while (true) {
      int b = next();
      if (atLineStart && b == '.') {
        b = next();
        if (b == '\r') {
          b = next();
          if (b == '\n') {
            return bare ? Outcome.BARE_LINE_END : size > most ? Outcome.TOO_LARGE : Outcome.WHOLE;
          }
          // ".\r" and something else: the CR is bare, and the rest is text.
          bare = true;
        }
      }
      if (b == '\r') {
        size = add(spool, size, b);
        b = next();
        if (b == '\n') {
          size = add(spool, size, b);
          atLineStart = true;
          continue;
        }
        bare = true;
      }
      bare |= b == '\n';
      size = add(spool, size, b);
      atLineStart = false;
    }
  }

  private long add(Spool spool, long size, int b) throws IOException {
    if (size < most) {
      spool.write(b);
    }
    return size + 1;
  }

  private int next() throws IOException {
    var b = in.read();
    if (b < 0) {
      throw new EOFException("the sender hung up within a message");
    }
    return b;
  }
}
