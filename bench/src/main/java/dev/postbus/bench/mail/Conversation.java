package dev.postbus.bench.mail;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection on which both sides speak in lines. For one thread at a time. */
public final class Conversation implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Socket socket;
  private final InputStream in;
  // Small, and no reader with a buffer of characters: thousands are open in one small JVM.
  private final byte[] buffer = new byte[512];
  private int position;
  private int filled;

  private Conversation(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
  }

  /** Connects, with TLS from the first byte. */
  public static Conversation tls(String host, int port) throws IOException {
    return tls(host, port, null);
  }

  /** Connects from an address of this machine, with TLS from the first byte. */
  public static Conversation tls(String host, int port, @Nullable InetAddress from)
      throws IOException {
    var plain = connect(host, port, from);
    try {
      return new Conversation(AnyTls.over(plain));
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  /** Connects to a port of this machine on which nothing is encrypted. */
  static Conversation plain(int port) throws IOException {
    return new Conversation(connect("127.0.0.1", port, null));
  }

  private static Socket connect(String host, int port, @Nullable InetAddress from)
      throws IOException {
    var plain = new Socket();
    try {
      if (from != null) {
        plain.bind(new InetSocketAddress(from, 0));
      }
      plain.setTcpNoDelay(true);
      plain.setSoTimeout((int) PATIENCE.toMillis());
      plain.connect(new InetSocketAddress(host, port), (int) PATIENCE.toMillis());
      return plain;
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  /** Sends a line. */
  public void say(String line) throws IOException {
    send((line + "\r\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Sends bytes as they are. */
  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** The next line, without its end. */
  public String hear() throws IOException {
    return hear(PATIENCE);
  }

  /**
   * The next line, without its end.
   *
   * @throws SocketTimeoutException if no byte came for so long
   */
  public String hear(Duration longest) throws IOException {
    var line = new ByteArrayOutputStream(80);
    for (int b = read(longest); b != '\n'; b = read(longest)) {
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  /** The next so many bytes. */
  byte[] hear(int count) throws IOException {
    var bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) read(PATIENCE);
    }
    return bytes;
  }

  /** Reads so many bytes and forgets them. */
  public void skip(long count) throws IOException {
    for (long i = 0; i < count; i++) {
      read(PATIENCE);
    }
  }

  private int read(Duration longest) throws IOException {
    if (position == filled) {
      socket.setSoTimeout((int) Math.max(1, longest.toMillis()));
      filled = Math.max(0, in.read(buffer));
      position = 0;
      if (filled == 0) {
        throw new EOFException("the server hung up");
      }
    }
    return buffer[position++] & 0xff;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
