package dev.postbus.bench.mail;

import dev.postbus.bench.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A mail program that sends, or a mail server that hands on to a filter. */
public final class SmtpSession implements AutoCloseable {
  private static final byte[] END = "\r\n.\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Conversation server;
  private final String sender;

  private SmtpSession(Conversation server, String sender) {
    this.server = server;
    this.sender = sender;
  }

  /** Connects over TLS and logs in with an account that exists. */
  public static SmtpSession logIn(Target target, Account account) throws IOException {
    var server = Conversation.tls(target.host(), target.submissions());
    try {
      var session = new SmtpSession(server, account.address());
      session.expect("220", "greeting");
      session.ask("EHLO client.invalid", "250");
      var secret = "\0" + account.address() + "\0" + account.password();
      var letters = Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8));
      server.say("AUTH PLAIN " + letters);
      session.expect("235", "AUTH");
      return session;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /**
   * Connects to a filter of this machine, as a mail server does: in the clear, without a login.
   *
   * @param sender address of {@link #send(String, byte[])}
   */
  public static SmtpSession toFilter(int port, String sender) throws IOException {
    var server = Conversation.plain(port);
    try {
      var session = new SmtpSession(server, sender);
      session.expect("220", "greeting");
      session.ask("EHLO mail.invalid", "250");
      return session;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /** The address that this session sends from. */
  public String sender() {
    return sender;
  }

  /**
   * Sends a message; returns when the relay has taken it.
   *
   * @param message its bytes, with no line that begins with a dot and no end of line at the end
   * @return when DATA was sent, by {@link System#nanoTime}
   */
  public long send(String recipient, byte[] message) throws IOException {
    return send(sender, recipient, message);
  }

  /** The same for a message of another sender: a filter takes any, a relay only who logged in. */
  public long send(String from, String recipient, byte[] message) throws IOException {
    ask("MAIL FROM:<" + from + ">", "250");
    ask("RCPT TO:<" + recipient + ">", "250");
    var began = System.nanoTime();
    ask("DATA", "354");
    server.send(message);
    server.send(END);
    expect("250", "message");
    return began;
  }

  private void ask(String command, String code) throws IOException {
    server.say(command);
    expect(code, command);
  }

  private void expect(String code, String about) throws IOException {
    var line = server.hear();
    while (line.length() > 3 && line.charAt(3) == '-') {
      line = server.hear();
    }
    if (!line.startsWith(code)) {
      throw new IOException(about + ": " + line);
    }
  }

  /** Says goodbye and hangs up. */
  public void quit() throws IOException {
    ask("QUIT", "221");
    close();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
