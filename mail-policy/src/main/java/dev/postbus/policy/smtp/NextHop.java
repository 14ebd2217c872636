package dev.postbus.policy.smtp;

import dev.postbus.policy.net.LineReader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Hands a message to Postfix's reinject port and brings its reply back. */
final class NextHop {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int REPLY_MILLIS = 120_000;

  private final int port;

  NextHop(int port) {
    this.port = port;
  }

  /** What the next server said to the message as a whole, or to what made it refuse it. */
  SmtpReply deliver(Envelope envelope, InputStream message) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
      socket.setSoTimeout(REPLY_MILLIS);
      socket.setTcpNoDelay(true);
      return speak(socket, envelope, message);
    } catch (IOException e) {
      return new SmtpReply(451, "4.3.0 the next mail server is away, try again later");
    }
  }

  private static SmtpReply speak(Socket socket, Envelope envelope, InputStream message)
      throws IOException {
    var in = new LineReader(socket.getInputStream(), 4096);
    var out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
    var reply = reply(in);
    if (reply.positive()) {
      reply = ask(in, out, "EHLO filter.localhost");
    }
    for (var command : envelope.commands()) {
      if (reply.positive()) {
        reply = ask(in, out, command);
      }
    }
    if (reply.positive()) {
      reply = ask(in, out, "DATA");
    }
    if (reply.positive()) {
      send(message, out);
      reply = ask(in, out, ".");
    }
    say(out, "QUIT");
    return reply;
  }

  private static SmtpReply ask(LineReader in, BufferedOutputStream out, String command)
      throws IOException {
    say(out, command);
    return reply(in);
  }

  private static void say(BufferedOutputStream out, String command) throws IOException {
    out.write((command + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** A dot at the start of a line is doubled; line ends have been checked when it was read. */
  private static void send(InputStream message, BufferedOutputStream out) throws IOException {
    int before = '\n';
    for (int b = message.read(); b >= 0; b = message.read()) {
      if (b == '.' && before == '\n') {
        out.write('.');
      }
      out.write(b);
      before = b;
    }
    if (before != '\n') {
      out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static SmtpReply reply(LineReader in) throws IOException {
    for (var line = in.line(); line != null; line = in.line()) {
      if (!line.matches("(?s)[2-5]\\d\\d[ -].*|[2-5]\\d\\d\\s*")) {
        throw new IOException("not an SMTP reply");
      }
      if (line.length() < 4 || line.charAt(3) != '-') {
        return new SmtpReply(
            Integer.parseInt(line, 0, 3, 10), line.length() > 4 ? line.substring(4).strip() : "");
      }
    }
    throw new IOException("the next mail server hung up");
  }
}
