package dev.postbus.policy.smtp;

import dev.postbus.policy.net.LineReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A small SMTP server that takes everything, and remembers what it heard. */
final class SmtpSink implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private volatile String refused = "none";

  SmtpSink() throws IOException {
    Thread.ofVirtual().start(this::serve);
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  int port() {
    return server.getLocalPort();
  }

  /** The commands, and each message after {@code DATA|}. */
  List<String> heard() {
    return heard;
  }

  /** Refuses a command from now on. */
  void refuse(String command) {
    refused = command;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void serve() {
    while (!server.isClosed()) {
      try (var socket = server.accept()) {
        serve(socket);
      } catch (IOException e) {
        heard.add("ended");
      }
    }
  }

  private void serve(Socket socket) throws IOException {
    var in = new LineReader(socket.getInputStream(), 4096);
    var out = socket.getOutputStream();
    out.write("220 next\r\n".getBytes(StandardCharsets.US_ASCII));
    for (var line = in.line(); line != null; line = in.line()) {
      var command = line.strip();
      heard.add(command);
      var answer = "250 2.0.0 ok\r\n";
      if (command.startsWith(refused)) {
        answer = "550 5.1.1 not this one\r\n";
      } else if (command.equals("DATA")) {
        out.write("354 go on\r\n".getBytes(StandardCharsets.US_ASCII));
        try (var spool = new Spool()) {
          new DataReader(in.stream(), 1_000_000).into(spool);
          heard.add("DATA|" + new String(spool.read().readAllBytes(), StandardCharsets.ISO_8859_1));
        }
        answer = "250 2.0.0 taken as 1\r\n";
      }
      out.write(answer.getBytes(StandardCharsets.US_ASCII));
    }
  }
}
