package dev.postbus.bench.mail;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;

/** An SMTP server on loopback that takes every message and forgets it. */
public final class SmtpSink implements AutoCloseable {
  private static final Logger log = Logger.getLogger(SmtpSink.class.getName());
  private static final byte[] END = "\r\n.\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int BUFFER = 64 * 1024;

  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong messages = new AtomicLong();

  private SmtpSink(ServerSocket listener) {
    this.listener = listener;
  }

  /** Listens on a free port. */
  public static SmtpSink open() throws IOException {
    var sink = new SmtpSink(new ServerSocket(0, 64, InetAddress.getLoopbackAddress()));
    sink.threads.submit(sink::accept);
    return sink;
  }

  /** Where it listens. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Messages taken so far. */
  public long messages() {
    return messages.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var client = listener.accept();
        threads.submit(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      var in = new BufferedInputStream(client.getInputStream(), BUFFER);
      var out = client.getOutputStream();
      say(out, "220 sink");
      for (var line = line(in); !line.isEmpty(); line = line(in)) {
        switch (line.split(" ", 2)[0].toUpperCase(Locale.ROOT)) {
          case "EHLO" -> say(out, "250-sink\r\n250-XFORWARD NAME ADDR PROTO HELO\r\n250 8BITMIME");
          case "DATA" -> {
            say(out, "354 go on");
            skipMessage(in);
            messages.incrementAndGet();
            say(out, "250 taken");
          }
          case "QUIT" -> {
            say(out, "221 bye");
            return;
          }
          default -> say(out, "250 ok");
        }
      }
    } catch (IOException e) {
      log.log(Level.FINE, "the client has hung up", e);
    }
  }

  private static void say(OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  /** The next line without its end; empty when the client has hung up. */
  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream(80);
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      line.write(b);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  /** Reads on until a line holds a dot and nothing else. */
  private static void skipMessage(InputStream in) throws IOException {
    // As if a line had just ended: a message may be empty.
    int matched = 2;
    while (matched < END.length) {
      var b = in.read();
      if (b < 0) {
        throw new IOException("the client hung up in a message");
      }
      matched = b == END[matched] ? matched + 1 : b == END[0] ? 1 : 0;
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
  }
}
