package dev.postbus.stacks;

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

/** Somebody with an address and a mail program that speaks plain IMAP and SMTP. */
record MailUser(String address, String password, int offset) {
  private static final int TIMEOUT_MILLIS = 30_000;

  /** A conversation by lines, from its greeting on. */
  static final class Conversation implements AutoCloseable {
    private Socket socket;
    private BufferedReader in;

    Conversation(Socket socket) throws IOException {
      use(socket);
    }

    private void use(Socket next) throws IOException {
      next.setSoTimeout(TIMEOUT_MILLIS);
      socket = next;
      in =
          new BufferedReader(
              new InputStreamReader(next.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    void startTls() throws IOException {
      use(AnyTls.over(socket));
    }

    void say(String line) throws IOException {
      socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    String hear() throws IOException {
      var line = in.readLine();
      if (line == null) {
        throw new IOException("the server hung up");
      }
      return line;
    }

    /** Lines up to and with the first that begins so. */
    List<String> hearUntil(String beginning) throws IOException {
      var lines = new ArrayList<String>();
      do {
        lines.add(hear());
      } while (!lines.getLast().startsWith(beginning));
      return lines;
    }

    /** The last line of an SMTP reply. */
    String reply() throws IOException {
      var line = hear();
      while (line.length() > 3 && line.charAt(3) == '-') {
        line = hear();
      }
      return line;
    }

    String ask(String command) throws IOException {
      say(command);
      return reply();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /** Logs in over IMAPS; the answer to LOGIN comes last. */
  Conversation imap() throws IOException {
    var imap = new Conversation(tls(993 + offset));
    imap.hear();
    imap.say("l LOGIN \"%s\" \"%s\"".formatted(address, password));
    return imap;
  }

  /** Logs in and waits in IDLE for mail in the inbox. */
  Conversation idle() throws IOException {
    var imap = imap();
    imap.hearUntil("l OK");
    imap.say("s SELECT INBOX");
    imap.hearUntil("s OK");
    imap.say("i IDLE");
    imap.hearUntil("+ idling");
    return imap;
  }

  boolean canLogIn() throws IOException {
    try (var imap = imap()) {
      return imap.hearUntil("l ").getLast().startsWith("l OK");
    }
  }

  /** Begins an SMTP session over a submission port, logged in. */
  Conversation smtp(int port) throws IOException {
    Conversation smtp;
    if (port == 465) {
      smtp = new Conversation(tls(port + offset));
      smtp.reply();
    } else {
      smtp = new Conversation(new Socket(InetAddress.getLoopbackAddress(), port + offset));
      smtp.reply();
      smtp.ask("EHLO client.invalid");
      smtp.ask("STARTTLS");
      smtp.startTls();
    }
    smtp.ask("EHLO client.invalid");
    var secret = "\0" + address + "\0" + password;
    smtp.ask(
        "AUTH PLAIN "
            + Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
    return smtp;
  }

  /** Sends a message; the first refusal, or the reply to the whole of it. */
  String send(int port, String envelopeSender, String recipient, String message)
      throws IOException {
    try (var smtp = smtp(port)) {
      var reply = smtp.ask("MAIL FROM:<" + envelopeSender + ">");
      if (reply.startsWith("250")) {
        reply = smtp.ask("RCPT TO:<" + recipient + ">");
      }
      if (reply.startsWith("250")) {
        reply = smtp.ask("DATA");
      }
      if (reply.startsWith("354")) {
        reply = smtp.ask(message + "\r\n.");
      }
      return reply;
    }
  }

  static SSLSocket tls(int port, String... alpn) throws IOException {
    var socket = (SSLSocket) AnyTls.newContext().getSocketFactory().createSocket("127.0.0.1", port);
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(alpn);
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }
}
