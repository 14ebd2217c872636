package dev.postbus.policy.helper;

import dev.postbus.policy.account.Sha512Hashing;
import dev.postbus.policy.dkim.SignatureCheck;
import dev.postbus.policy.dkim.TxtLookup;
import dev.postbus.policy.message.MessageJudge;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One connection to a helper, on its side: work is done as it comes, and nothing is kept of it. */
public final class HelperSession {
  private static final Logger log = Logger.getLogger(HelperSession.class.getName());

  private final Wire wire;
  private final Sha512Hashing hashing;

  private HelperSession(Wire wire, Sha512Hashing hashing) {
    this.wire = wire;
    this.hashing = hashing;
  }

  /** Greets, and works until the other side hangs up. */
  public static void serve(SocketChannel connection, Sha512Hashing hashing) throws IOException {
    connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
    // Whoever asks may be gone without a word, with its machine.
    connection.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    var wire = new Wire(Channels.newInputStream(connection), Channels.newOutputStream(connection));
    wire.greet();
    new HelperSession(wire, hashing).run();
  }

  private void run() throws IOException {
    for (int request = wire.letter(); request >= 0; request = wire.letter()) {
      switch (request) {
        case Wire.PING -> wire.letter(Wire.ANSWER);
        case Wire.HASH -> hash(wire.text());
        case Wire.JUDGE_OUTGOING -> judge(true);
        case Wire.JUDGE_INCOMING -> judge(false);
        case Wire.CHECK -> check(wire.texts());
        default -> {
          return;
        }
      }
      wire.flush();
    }
  }

  private void hash(String password) throws IOException {
    var hash = hashing.hash(password);
    wire.letter(Wire.ANSWER);
    wire.text(hash);
  }

  private void judge(boolean outgoing) throws IOException {
    try {
      var judgement = MessageJudge.judge(new PulledMessage(), outgoing);
      if (Wire.takes(judgement.from())) {
        wire.letter(Wire.ANSWER);
        wire.judgement(judgement);
      } else {
        wire.letter(Wire.FAILED);
      }
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void check(List<String> authors) throws IOException {
    try {
      var verdict = new SignatureCheck(this::keys).check(new PulledMessage(), authors);
      wire.letter(Wire.ANSWER);
      wire.verdict(verdict);
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void failed(RuntimeException why) throws IOException {
    log.log(Level.WARNING, "a message could not be worked on", why);
    wire.letter(Wire.FAILED);
  }

  /** Keys, which the other side looks up: a helper asks no name servers. */
  private List<String> keys(String name) throws TxtLookup.NoAnswer {
    try {
      wire.letter(Wire.KEY);
      wire.text(name);
      wire.flush();
      if (wire.letter() != Wire.ANSWER) {
        throw new TxtLookup.NoAnswer("who asks for the work has no answer");
      }
      return wire.texts();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The message, of which the next piece is asked for when it is needed. */
  private final class PulledMessage extends InputStream {
    private final byte[] piece = new byte[Wire.PIECE];
    private int position;
    private int limit;
    private boolean ended;

    @Override
    public int read() throws IOException {
      return fill() ? piece[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      var count = Math.min(length, limit - position);
      System.arraycopy(piece, position, into, offset, count);
      position += count;
      return count;
    }

    private boolean fill() throws IOException {
      if (position == limit && !ended) {
        wire.letter(Wire.MORE);
        wire.flush();
        position = 0;
        limit = wire.piece(piece);
        ended = limit == 0;
      }
      return !ended;
    }
  }
}
