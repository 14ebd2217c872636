package dev.postbus.mail;

import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.AnyTls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLSocket;

/** Who speaks SMTP with a relay, and hears its answers: another server, or a mail program. */
final class SmtpPeer implements AutoCloseable {
  private Socket socket;
  private BufferedReader in;

  /** Connects and hears the greeting; all that follows is in the clear. */
  private SmtpPeer(Socket socket) throws IOException {
    use(socket);
    reply();
  }

  /** Another mail server that brings mail over port 25. */
  SmtpPeer(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
    startTls();
  }

  /** Anybody who has connected and not asked for TLS yet. */
  static SmtpPeer inTheClear(int port) throws IOException {
    return new SmtpPeer(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** Anybody who has connected where TLS comes first. */
  static SmtpPeer overTls(int port) throws IOException {
    var peer = new SmtpPeer(AnyTls.over(new Socket(InetAddress.getLoopbackAddress(), port)));
    peer.ask("EHLO client.invalid");
    return peer;
  }

  /** A mail program that has logged in over the submission port. */
  static SmtpPeer of(Account account, MailPorts ports) throws IOException {
    var peer = new SmtpPeer(ports.submission());
    var answer = peer.logIn(account);
    if (!answer.startsWith("235")) {
      peer.close();
      throw new IOException("AUTH: " + answer);
    }
    return peer;
  }

  /** Asks for TLS of one version over a port where speaking begins in the clear; what is spoken. */
  static String startTls(int port, String version) throws IOException {
    try (var peer = inTheClear(port)) {
      peer.ask("EHLO other.test");
      peer.ask("STARTTLS");
      try (var tls =
          (SSLSocket)
              AnyTls.newContext()
                  .getSocketFactory()
                  .createSocket(peer.socket, "localhost", port, true)) {
        tls.setEnabledProtocols(new String[] {version});
        tls.startHandshake();
        return tls.getSession().getProtocol();
      }
    }
  }

  private void startTls() throws IOException {
    ask("EHLO other.test");
    ask("STARTTLS");
    use(AnyTls.over(socket));
    ask("EHLO other.test");
  }

  String logIn(Account account) throws IOException {
    var secret = "\0" + account.address() + "\0" + account.password();
    var letters = Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8));
    return ask("AUTH PLAIN " + letters);
  }

  /** The last answer to a message; an earlier one if it was refused before. */
  String send(String sender, String recipient, String message) throws IOException {
    return sendAs("<" + sender + ">", recipient, message);
  }

  /** The same with parameters after the sender, such as {@code <a@b> BODY=8BITMIME}. */
  String sendAs(String senderAndParameters, String recipient, String message) throws IOException {
    var reply = ask("MAIL FROM:" + senderAndParameters);
    if (reply.startsWith("2")) {
      reply = ask("RCPT TO:<" + recipient + ">");
    }
    if (reply.startsWith("2")) {
      reply = ask("DATA");
    }
    if (reply.startsWith("354")) {
      return ask(message + (message.endsWith("\r\n") ? "." : "\r\n."));
    }
    ask("RSET");
    return reply;
  }

  /** The last line of the answer to a command. */
  String ask(String line) throws IOException {
    return askAll(line).getLast();
  }

  /** All lines of the answer to a command; the last one is "null" if the relay hung up. */
  List<String> askAll(String line) throws IOException {
    write(line + "\r\n");
    return reply();
  }

  /** Says something that has no answer yet. */
  void write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The last line of the next answer; "null" if the relay hung up. */
  String hear() throws IOException {
    return reply().getLast();
  }

  private void use(Socket next) throws IOException {
    socket = next;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(60_000);
    in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
  }

  private List<String> reply() throws IOException {
    var lines = new ArrayList<String>();
    String line;
    do {
      line = String.valueOf(in.readLine());
      lines.add(line);
    } while (line.length() > 3 && line.charAt(3) == '-');
    return lines;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
