package dev.postbus.policy.smtp;

import dev.postbus.policy.net.LineReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What Postfix is to a filter. */
final class SigningClient implements AutoCloseable {
  private final Socket socket;
  private final LineReader in;

  SigningClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(30_000);
    in = new LineReader(socket.getInputStream(), 4096);
    line();
  }

  void say(String text) throws IOException {
    socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  String line() throws IOException {
    return in.line().strip();
  }

  List<String> lines() throws IOException {
    var lines = new ArrayList<String>();
    do {
      lines.add(line());
    } while (lines.getLast().charAt(3) == '-');
    return lines;
  }

  String ask(String command) throws IOException {
    say(command);
    return lines().getLast();
  }

  String send(String sender, String message) throws IOException {
    ask("MAIL FROM:<" + sender + ">");
    ask("RCPT TO:<bob123456@relay.test>");
    ask("DATA");
    return ask(message.replaceAll("(?m)^\\.", "..") + (message.endsWith("\r\n") ? "." : "\r\n."));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
