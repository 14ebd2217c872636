package dev.postbus.mail;

import dev.postbus.bench.mail.AnyTls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Another mail server that brings mail over port 25. */
final class SmtpPeer implements AutoCloseable {
  private Socket socket;
  private BufferedReader in;

  SmtpPeer(int port) throws IOException {
    use(new Socket(InetAddress.getLoopbackAddress(), port));
    reply();
    ask("EHLO other.test");
    ask("STARTTLS");
    use(AnyTls.over(socket));
    ask("EHLO other.test");
  }

  /** The last answer to a message; an earlier one if it was refused before. */
  String send(String sender, String recipient, String message) throws IOException {
    var reply = ask("MAIL FROM:<" + sender + ">");
    if (reply.startsWith("2")) {
      reply = ask("RCPT TO:<" + recipient + ">");
    }
    if (reply.startsWith("2")) {
      reply = ask("DATA");
    }
    return reply.startsWith("354")
        ? ask(message + (message.endsWith("\r\n") ? "." : "\r\n."))
        : reply;
  }

  private void use(Socket next) throws IOException {
    socket = next;
    socket.setSoTimeout(60_000);
    in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
  }

  private String ask(String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    return reply();
  }

  private String reply() throws IOException {
    var line = in.readLine();
    while (line != null && line.length() > 3 && line.charAt(3) == '-') {
      line = in.readLine();
    }
    return String.valueOf(line);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
