package dev.postbus.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * The way from mail-policy to a port of Postfix, which passes on what it hears, line by line, until
 * it is made to fail.
 */
final class BrittleLink implements AutoCloseable {
  /** A fault that happens before anything is said. */
  static final String AT_ONCE = "";

  private enum Kind {
    NONE,
    CUT,
    CUT_AFTER,
    HOLD
  }

  /** What happens at a line that begins so. */
  private record Fault(Kind kind, String line, CountDownLatch reached, CountDownLatch over) {
    Fault(Kind kind, String line) {
      this(kind, line, new CountDownLatch(1), new CountDownLatch(1));
    }
  }

  private final int port;
  private final int to;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private volatile Fault fault = new Fault(Kind.NONE, AT_ONCE);
  private volatile ServerSocket server;
  private volatile Thread acceptor;

  BrittleLink(int to) throws IOException {
    this.to = to;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.port = server.getLocalPort();
    this.acceptor = Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return port;
  }

  /** Nobody listens any more. */
  void refuses() throws IOException {
    server.close();
    try {
      // The port is open until the thread that waits there has noticed.
      acceptor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    hangUp();
  }

  /** Both ends are cut off from each other before such a line is passed on. */
  void cutsAt(String line) throws IOException {
    begin(new Fault(Kind.CUT, line));
  }

  /** Such a line is passed on, but nothing comes back any more, on kept connections neither. */
  void cutsAfter(String line) {
    fault = new Fault(Kind.CUT_AFTER, line);
  }

  /** Such a line, and what follows, is not passed on until the link works again. */
  void holdsAt(String line) throws IOException {
    begin(new Fault(Kind.HOLD, line));
  }

  /** Returns when something is held. */
  void awaitHeld() throws InterruptedException {
    fault.reached().await();
  }

  void works() throws IOException {
    var before = fault;
    fault = new Fault(Kind.NONE, AT_ONCE);
    before.over().countDown();
    if (server.isClosed()) {
      server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
      acceptor = Thread.ofVirtual().start(this::accept);
    }
  }

  @Override
  public void close() throws IOException {
    refuses();
  }

  /** What mail-policy keeps for its next message is gone too, or the fault would not be met. */
  private void begin(Fault next) throws IOException {
    fault = next;
    hangUp();
  }

  private void hangUp() throws IOException {
    for (var socket : open) {
      socket.close();
    }
  }

  private void accept() {
    var listening = server;
    while (!listening.isClosed()) {
      try {
        var from = listening.accept();
        open.add(from);
        Thread.ofVirtual().start(() -> pass(from));
      } catch (IOException closed) {
        // It was to refuse.
      }
    }
  }

  private void pass(Socket from) {
    try (from;
        var onward = new Socket(InetAddress.getLoopbackAddress(), to);
        var in =
            new BufferedReader(
                new InputStreamReader(from.getInputStream(), StandardCharsets.ISO_8859_1))) {
      if (fault.kind() == Kind.CUT && fault.line().equals(AT_ONCE)) {
        return;
      }
      // What it passes on line by line would wait for acknowledgements, 40 ms each time.
      from.setTcpNoDelay(true);
      onward.setTcpNoDelay(true);
      var deaf = new CountDownLatch(1);
      Thread.ofVirtual().start(() -> passBack(onward, from, deaf));
      for (var line = in.readLine(); line != null; line = in.readLine()) {
        var now = fault;
        if (now.kind() != Kind.NONE && line.startsWith(now.line())) {
          now.reached().countDown();
          switch (now.kind()) {
            case CUT -> {
              return;
            }
            case CUT_AFTER -> deaf.countDown();
            default -> now.over().await();
          }
        }
        onward.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      }
    } catch (IOException | InterruptedException gone) {
      // One of both ends has hung up, which closes the other.
    } finally {
      open.remove(from);
    }
  }

  private static void passBack(Socket onward, Socket from, CountDownLatch deaf) {
    try (onward;
        from) {
      var buffer = new byte[4096];
      var in = onward.getInputStream();
      for (var count = in.read(buffer); count > 0; count = in.read(buffer)) {
        if (deaf.getCount() == 0) {
          return;
        }
        from.getOutputStream().write(buffer, 0, count);
      }
    } catch (IOException gone) {
      // As above.
    }
  }
}
