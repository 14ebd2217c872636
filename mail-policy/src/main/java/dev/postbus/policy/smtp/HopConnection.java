package dev.postbus.policy.smtp;

import dev.postbus.policy.net.LineReader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the next server, for one message after another. Anything but a clear answer is an
 * {@link IOException}; whether the message may have been taken then, {@link #ended} tells.
 */
final class HopConnection implements AutoCloseable {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int LONGEST_REPLY_LINE = 4096;
  private static final int MOST_REPLY_LINES = 100;

  private final SocketChannel channel;
  private final LineReader in;
  private final OutputStream out;
  private boolean pipelining;
  private boolean xforward;
  private boolean reusable;
  private boolean ended;

  private HopConnection(SocketChannel channel) {
    this.channel = channel;
    this.in = new LineReader(Channels.newInputStream(channel), LONGEST_REPLY_LINE);
    this.out = new BufferedOutputStream(Channels.newOutputStream(channel), 8 * 1024);
  }

  /** Connects to a loopback port; speaking begins with {@link #greet}. */
  static HopConnection to(int port) throws IOException {
    var channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel
          .socket()
          .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
      return new HopConnection(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Waits for the server's greeting, and asks what it offers. */
  void greet() throws IOException {
    expectDone(reply());
    say("EHLO filter.localhost");
    out.flush();
    var offers = expectDone(reply()).text().toUpperCase(Locale.ROOT).split("\n");
    for (var offer : offers) {
      pipelining |= offer.equals("PIPELINING");
      xforward |= offer.startsWith("XFORWARD");
    }
  }

  /** Sends a message; the reply is the server's to it, or its first refusal of what goes before. */
  SmtpReply send(Envelope envelope, Spool message) throws IOException {
    reusable = false;
    ended = false;
    // With a single recipient no message follows a refusal, so DATA can go along.
    var withData = pipelining && envelope.recipients().size() == 1;
    var refusal = ask(envelope, withData);
    if (refusal != null) {
      return refusal;
    }
    if (!withData) {
      say("DATA");
      out.flush();
    }
    var go = reply();
    if (go.code() != 354) {
      return refusal(go);
    }
    MessageWriter.write(message, out);
    // From here on the server may take the message, whatever becomes of its answer.
    ended = true;
    say(".");
    out.flush();
    var taken = reply();
    if (!taken.done()) {
      return refusal(taken);
    }
    reusable = true;
    return taken;
  }

  /** Whether the server may have been told the whole message. */
  boolean ended() {
    return ended;
  }

  /** Whether another message can go over this connection. */
  boolean reusable() {
    return reusable;
  }

  /** Takes leave, without waiting for an answer. */
  void quit() throws IOException {
    try (channel) {
      say("QUIT");
      out.flush();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Tells sender and recipients; null if all are taken, else the refusal that counts. */
  private @Nullable SmtpReply ask(Envelope envelope, boolean withData) throws IOException {
    var commands = new ArrayList<>(xforward ? envelope.forwarded() : List.<String>of());
    commands.add(envelope.senderCommand());
    var upToSender = commands.size();
    commands.addAll(envelope.recipientCommands());
    if (pipelining) {
      for (var command : commands) {
        say(command);
      }
      if (withData) {
        say("DATA");
      }
      out.flush();
    }
    SmtpReply refusal = null;
    for (int i = 0; i < commands.size(); i++) {
      if (!pipelining) {
        say(commands.get(i));
        out.flush();
      }
      var reply = reply();
      if (!reply.done()) {
        refusal = worse(refusal, refusal(reply));
        // After that, recipients are merely out of order, and their answers tell nothing.
        if (i < upToSender || !pipelining) {
          return refusal;
        }
      }
    }
    return refusal;
  }

  /** A refusal for good of one recipient counts more than one for now of another. */
  private static SmtpReply worse(@Nullable SmtpReply before, SmtpReply now) {
    return before == null || (now.permanent() && !before.permanent()) ? now : before;
  }

  private static SmtpReply refusal(SmtpReply reply) throws IOException {
    if (reply.code() < 400) {
      throw new IOException("the next server answered " + reply.code() + " out of turn");
    }
    return reply;
  }

  private static SmtpReply expectDone(SmtpReply reply) throws IOException {
    if (!reply.done()) {
      throw new IOException("the next server answered " + reply.code());
    }
    return reply;
  }

  private void say(String command) throws IOException {
    out.write((command + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  private SmtpReply reply() throws IOException {
    StringBuilder before = null;
    for (int lines = 0; lines < MOST_REPLY_LINES; lines++) {
      var line = in.line();
      if (line == null) {
        throw new IOException("the next server hung up");
      }
      var code = code(line);
      var text = line.length() > 4 ? line.substring(4).stripTrailing() : "";
      if (code == 421) {
        // It goes away, which it may do at any time.
        throw new IOException("the next server closes the connection");
      }
      if (line.length() < 4 || line.charAt(3) != '-') {
        return new SmtpReply(code, before == null ? text : before + text);
      }
      before = before == null ? new StringBuilder() : before;
      before.append(text).append('\n');
    }
    throw new IOException("the next server's reply does not end");
  }

  private static int code(String line) throws IOException {
    if (line.length() >= 3) {
      int code = 0;
      for (int i = 0; i < 3; i++) {
        code = code * 10 + Character.digit(line.charAt(i), 10);
      }
      var after = line.length() > 3 ? line.charAt(3) : ' ';
      if (code >= 200 && code <= 599 && (after <= ' ' || after == '-')) {
        return code;
      }
    }
    throw new IOException("the next server's answer is no SMTP reply");
  }
}
