package dev.postbus.policy.smtp;

import dev.postbus.policy.net.LineReader;
import java.io.EOFException;
import java.io.IOException;

/**
 * Reads a message after DATA up to CRLF.CRLF and nothing else (RFC 5321 section 4.1.1.4), undoing
 * the dots that were put before dots. A bare CR or LF is remembered: with it a message could be
 * smuggled past a server that takes it for an end.
 */
final class DataReader {
  private final LineReader in;
  private final long most;
  private final Spool spool;
  private long size;
  private boolean bare;
  private State state = State.LINE_START;

  private enum State {
    LINE_START,
    TEXT,
    CR,
    DOT,
    DOT_CR,
    END
  }

  /** How reading went. */
  enum Outcome {
    WHOLE,
    TOO_LARGE,
    BARE_LINE_END
  }

  /**
   * Reads one message.
   *
   * @param most bytes that are kept
   */
  DataReader(LineReader in, long most, Spool spool) {
    this.in = in;
    this.most = most;
    this.spool = spool;
  }

  /** Reads to the end of the message also when it is refused, so that the answer can be given. */
  Outcome read() throws IOException {
    while (state != State.END) {
      if (!in.fill()) {
        throw new EOFException("the sender hung up within a message");
      }
      in.consumeTo(scan(in.block(), in.position(), in.limit()));
    }
    return bare ? Outcome.BARE_LINE_END : size > most ? Outcome.TOO_LARGE : Outcome.WHOLE;
  }

  /** Looks at a block; what belongs to the message goes on in runs as long as can be. */
  private int scan(byte[] block, int from, int limit) throws IOException {
    var run = from;
    for (int i = from; i < limit; i++) {
      var b = block[i];
      switch (state) {
        case TEXT -> {
          // Most bytes are passed over here.
          while (b != '\r' && b != '\n' && ++i < limit) {
            b = block[i];
          }
          if (i < limit) {
            state = afterText(b);
          }
        }
        case LINE_START -> {
          if (b == '.') {
            keep(block, run, i);
            run = i + 1;
            state = State.DOT;
          } else {
            state = afterText(b);
          }
        }
        case CR -> {
          bare |= b != '\n';
          state = b == '\n' ? State.LINE_START : afterBareCr(b);
        }
        case DOT -> {
          state = b == '\r' ? State.DOT_CR : afterText(b);
        }
        case DOT_CR -> {
          if (b == '\n') {
            state = State.END;
            return i + 1;
          }
          // ".\r" and something else: the CR is bare, and the rest is text.
          bare = true;
          state = afterBareCr(b);
        }
        case END -> throw new IllegalStateException("the message has ended");
      }
    }
    // A CR after the dot belongs to the end of the message, or the message is refused.
    keep(block, run, state == State.DOT_CR ? limit - 1 : limit);
    return limit;
  }

  private State afterText(byte b) {
    bare |= b == '\n';
    return b == '\r' ? State.CR : State.TEXT;
  }

  private static State afterBareCr(byte b) {
    return b == '\r' ? State.CR : State.TEXT;
  }

  private void keep(byte[] block, int from, int to) throws IOException {
    var length = (int) Math.max(0, Math.min(to - from, most - size));
    size += to - from;
    // A refused message needs no room.
    if (length > 0 && !bare) {
      spool.write(block, from, length);
    }
  }
}
