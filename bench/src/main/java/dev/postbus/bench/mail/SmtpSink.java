package dev.postbus.bench.mail;

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
  private final Thread acceptor;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
  private final AtomicLong messages = new AtomicLong();

  private SmtpSink(ServerSocket listener) {
    this.listener = listener;
    this.acceptor = Thread.ofPlatform().daemon().start(this::accept);
  }

  /** Listens on a free port. */
  public static SmtpSink open() throws IOException {
    return new SmtpSink(new ServerSocket(0, 64, InetAddress.getLoopbackAddress()));
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
      new Session(client.getInputStream(), client.getOutputStream()).run();
    } catch (IOException e) {
      log.log(Level.FINE, "the client has hung up", e);
    }
  }

  /** One connection. It does as little as can be, as its share is in what is measured. */
  private final class Session {
    private final InputStream in;
    private final OutputStream out;
    private final ByteArrayOutputStream answers = new ByteArrayOutputStream(256);
    private final byte[] block = new byte[BUFFER];
    private int position;
    private int limit;

    private Session(InputStream in, OutputStream out) {
      this.in = in;
      this.out = out;
    }

    private void run() throws IOException {
      say("220 sink");
      for (var line = line(); !line.isEmpty(); line = line()) {
        switch (line.split(" ", 2)[0].toUpperCase(Locale.ROOT)) {
          case "EHLO" ->
              say(
                  "250-sink\r\n250-PIPELINING\r\n250-XFORWARD NAME ADDR PROTO HELO\r\n250 8BITMIME");
          case "DATA" -> {
            say("354 go on");
            skipMessage();
            messages.incrementAndGet();
            say("250 taken");
          }
          case "QUIT" -> {
            say("221 bye");
            tell();
            return;
          }
          default -> say("250 ok");
        }
      }
    }

    private void say(String line) {
      answers.writeBytes((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void tell() throws IOException {
      answers.writeTo(out);
      answers.reset();
    }

    /** Reads on, having told what was said; false when the client has hung up. */
    private boolean fill() throws IOException {
      if (position == limit) {
        tell();
        position = 0;
        limit = Math.max(0, in.read(block));
      }
      return position < limit;
    }

    /** The next line without its end; empty when the client has hung up. */
    private String line() throws IOException {
      var line = new ByteArrayOutputStream(80);
      while (fill()) {
        var b = block[position++];
        if (b == '\n') {
          break;
        }
        line.write(b);
      }
      return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    /** Reads on until a line holds a dot and nothing else. */
    private void skipMessage() throws IOException {
      // As if a line had just ended: a message may be empty.
      int matched = 2;
      while (matched < END.length) {
        if (!fill()) {
          throw new IOException("the client hung up in a message");
        }
        int i = position;
        while (i < limit && matched < END.length) {
          var b = block[i++];
          matched = b == END[matched] ? matched + 1 : b == END[0] ? 1 : 0;
        }
        position = i;
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
    try {
      // The port is open until the thread that waits there has noticed.
      acceptor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
