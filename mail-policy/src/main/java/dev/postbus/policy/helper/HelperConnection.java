package dev.postbus.policy.helper;

import dev.postbus.policy.dkim.TxtLookup;
import dev.postbus.policy.dkim.Verdict;
import dev.postbus.policy.message.Judgement;
import dev.postbus.policy.message.MessageSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;

/** One connection to a helper, on the side of who asks, for one request after another. */
final class HelperConnection implements AutoCloseable {
  private static final int CONNECT_MILLIS = 500;
  private static final int GREETING_MILLIS = 1000;

  private final Socket socket;
  private final Wire wire;

  private HelperConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.wire = new Wire(socket.getInputStream(), socket.getOutputStream());
  }

  /** A helper that cannot do what it was asked for; another one could not either. */
  static final class NotDone extends Exception {
    private static final long serialVersionUID = 1L;

    NotDone() {
      super("a helper could not do it");
    }
  }

  /** Connects, and waits for the greeting. */
  static HelperConnection to(InetSocketAddress address) throws IOException {
    var socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(address, CONNECT_MILLIS);
      socket.setSoTimeout(GREETING_MILLIS);
      var connection = new HelperConnection(socket);
      connection.wire.expectGreeting();
      return connection;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** How long to wait whenever it is the helper's turn. */
  void patience(Duration longest) throws IOException {
    socket.setSoTimeout((int) longest.toMillis());
  }

  void ping() throws IOException, NotDone {
    wire.letter(Wire.PING);
    wire.flush();
    expectAnswer();
  }

  String hash(String password) throws IOException, NotDone {
    wire.letter(Wire.HASH);
    wire.text(password);
    wire.flush();
    expectAnswer();
    return wire.text();
  }

  Judgement judge(MessageSource message, boolean outgoing) throws IOException, NotDone {
    wire.letter(outgoing ? Wire.JUDGE_OUTGOING : Wire.JUDGE_INCOMING);
    wire.flush();
    serve(message, name -> List.of());
    return wire.judgement();
  }

  Verdict check(MessageSource message, List<String> authors, TxtLookup keys)
      throws IOException, NotDone {
    if (!Wire.takes(authors)) {
      throw new NotDone();
    }
    wire.letter(Wire.CHECK);
    wire.texts(authors);
    wire.flush();
    serve(message, keys);
    return wire.verdict();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** Gives the helper what it asks for until it has the answer. */
  private void serve(MessageSource message, TxtLookup keys) throws IOException, NotDone {
    try (var in = message.open()) {
      for (int asked = wire.letter(); asked != Wire.ANSWER; asked = wire.letter()) {
        switch (asked) {
          case Wire.MORE -> givePiece(in);
          case Wire.KEY -> giveKey(keys, wire.text());
          default -> refuse(asked);
        }
        wire.flush();
      }
    }
  }

  private void givePiece(InputStream message) throws IOException {
    var piece = new byte[Wire.PIECE];
    wire.piece(piece, message.readNBytes(piece, 0, piece.length));
  }

  private void giveKey(TxtLookup keys, String name) throws IOException {
    try {
      var records = keys.txt(name);
      wire.letter(Wire.ANSWER);
      wire.texts(records);
    } catch (TxtLookup.NoAnswer e) {
      wire.letter(Wire.FAILED);
    }
  }

  private void expectAnswer() throws IOException, NotDone {
    var said = wire.letter();
    if (said != Wire.ANSWER) {
      refuse(said);
    }
  }

  private static void refuse(int said) throws IOException, NotDone {
    if (said == Wire.FAILED) {
      throw new NotDone();
    }
    throw new IOException(said < 0 ? "it hung up" : "it said " + said + " out of turn");
  }
}
