package dev.postbus.policy.smtp;

import dev.postbus.policy.net.LineReader;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Speaks to a filter as Postfix does, or as nobody should. */
final class SmtpClient implements AutoCloseable {
  private final Socket socket;
  private final LineReader in;

  SmtpClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(30_000);
    in = new LineReader(socket.getInputStream(), 4096);
    line();
  }

  void say(String text) throws IOException {
    write(text + "\r\n");
  }

  void write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The next line without its end, or null if the filter has closed the connection. */
  String line() throws IOException {
    var line = in.line();
    return line == null ? null : line.substring(0, line.length() - 2);
  }

  List<String> lines() throws IOException {
    var lines = new ArrayList<String>();
    do {
      var line = line();
      if (line == null) {
        throw new EOFException("the filter hung up");
      }
      lines.add(line);
    } while (lines.getLast().charAt(3) == '-');
    return lines;
  }

  String ask(String command) throws IOException {
    say(command);
    return lines().getLast();
  }

  /** Up to the go-ahead for the message, or what is said instead. */
  String begin(String sender, String... recipients) throws IOException {
    ask("MAIL FROM:<" + sender + ">");
    for (var recipient : recipients) {
      ask("RCPT TO:<" + recipient + ">");
    }
    return ask("DATA");
  }

  String send(String message, String sender, String... recipients) throws IOException {
    begin(sender, recipients);
    return finish(message);
  }

  String finish(String message) throws IOException {
    return ask(message.replaceAll("(?m)^\\.", "..") + (message.endsWith("\r\n") ? "." : "\r\n."));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
