package dev.postbus.policy.smtp;

import dev.postbus.policy.net.LineReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A next server for tests: does its part, or what a test wants it to do instead. */
final class TestHop implements AutoCloseable {
  static final String HANG_UP = "hang up";
  static final String SAY_NOTHING = "say nothing";
  private static final String EHLO =
      "250-next\r\n250-PIPELINING\r\n250-XFORWARD NAME ADDR\r\n250 8BITMIME";

  /** What is answered to a command; null for the usual. The last dot's command is ".". */
  @FunctionalInterface
  interface Script {
    String answer(int connection, String command);
  }

  final List<String> heard = Collections.synchronizedList(new ArrayList<>());
  final List<String> taken = Collections.synchronizedList(new ArrayList<>());
  final AtomicInteger connections = new AtomicInteger();
  private final SpoolFolder spools;
  private final ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final Thread acceptor;
  private volatile Script script = (connection, command) -> null;

  TestHop(SpoolFolder spools) throws IOException {
    this.spools = spools;
    acceptor = Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  void does(Script other) {
    script = other;
  }

  @Override
  public void close() throws IOException {
    server.close();
    try {
      // The port is open until the thread that waits there has noticed.
      acceptor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (var socket : open) {
      socket.close();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var socket = server.accept();
        // Answers to commands sent at once must not wait for one another's acknowledgement.
        socket.setTcpNoDelay(true);
        open.add(socket);
        Thread.ofVirtual().start(() -> serveQuietly(socket, connections.incrementAndGet()));
      } catch (IOException e) {
        heard.add("closed");
      }
    }
  }

  private void serveQuietly(Socket socket, int connection) {
    try (socket) {
      serve(socket, connection);
    } catch (IOException e) {
      heard.add("lost");
    } finally {
      open.remove(socket);
    }
  }

  private void serve(Socket socket, int connection) throws IOException {
    var in = new LineReader(socket.getInputStream(), 4096);
    var out = socket.getOutputStream();
    if (!answer(out, connection, "connect", "220 next")) {
      return;
    }
    for (var line = in.line(); line != null; line = in.line()) {
      var command = line.strip();
      heard.add(command);
      var usual =
          switch (command) {
            case "DATA" -> "354 go on";
            case "QUIT" -> "221 bye";
            default -> command.startsWith("EHLO") ? EHLO : "250 2.0.0 ok";
          };
      var scripted = script.answer(connection, command);
      if (!answer(out, connection, command, usual)) {
        return;
      }
      if (command.equals("DATA") && scripted == null && !takeMessage(in, out, connection)) {
        return;
      }
    }
  }

  private boolean takeMessage(LineReader in, OutputStream out, int connection) throws IOException {
    if (HANG_UP.equals(script.answer(connection, "message"))) {
      return false;
    }
    try (var spool = spools.spool().orElseThrow()) {
      new DataReader(in, 100_000_000, spool).read();
      try (var message = spool.read()) {
        taken.add(new String(message.readAllBytes(), StandardCharsets.ISO_8859_1));
      }
    }
    return answer(out, connection, ".", "250 2.0.0 taken as " + taken.size());
  }

  private boolean answer(OutputStream out, int connection, String command, String usual)
      throws IOException {
    var scripted = script.answer(connection, command);
    var answer = scripted == null ? usual : scripted;
    if (answer.equals(HANG_UP)) {
      return false;
    }
    if (!answer.equals(SAY_NOTHING)) {
      out.write((answer + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }
    return true;
  }
}
