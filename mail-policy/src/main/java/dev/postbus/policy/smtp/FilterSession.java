package dev.postbus.policy.smtp;

import dev.postbus.policy.message.Judgement;
import dev.postbus.policy.net.LineReader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * One connection of Postfix to a before-queue filter: an SMTP server that takes a whole message,
 * judges it, and answers with what the next server says, or with a refusal.
 */
public final class FilterSession {
  private static final int LONGEST_COMMAND = 4096;
  private static final int MOST_RECIPIENTS = 2000;
  private static final int IDLE_MILLIS = 300_000;
  private static final Pattern MAIL = Pattern.compile("(?i)MAIL FROM: ?<([^<>]*)>.*");
  private static final Pattern RCPT = Pattern.compile("(?i)RCPT TO: ?<([^<>]+)>.*");

  private final MailRules rules;
  private final NextHop nextHop;
  private final LongSupplier maxMessageSize;
  private final LineReader in;
  private final BufferedOutputStream out;
  private final Envelope envelope = new Envelope();

  private FilterSession(
      SocketChannel connection, MailRules rules, NextHop nextHop, LongSupplier maxMessageSize)
      throws IOException {
    var socket = connection.socket();
    socket.setSoTimeout(IDLE_MILLIS);
    socket.setTcpNoDelay(true);
    this.rules = rules;
    this.nextHop = nextHop;
    this.maxMessageSize = maxMessageSize;
    this.in = new LineReader(socket.getInputStream(), LONGEST_COMMAND);
    this.out = new BufferedOutputStream(socket.getOutputStream());
  }

  static void serve(
      SocketChannel connection, MailRules rules, NextHop nextHop, LongSupplier maxMessageSize)
      throws IOException {
    new FilterSession(connection, rules, nextHop, maxMessageSize).run();
  }

  private void run() throws IOException {
    answer(220, "filter ESMTP");
    for (var line = in.line(); line != null; line = in.line()) {
      if (!line.endsWith("\r\n") || line.indexOf('\r') != line.length() - 2) {
        answer(500, "5.5.2 lines must end with CR LF");
        return;
      }
      var command = line.substring(0, line.length() - 2);
      var verb = command.split(" ", 2)[0].toUpperCase(Locale.ROOT);
      switch (verb) {
        case "EHLO" -> greet();
        case "HELO" -> answer(250, "filter");
        case "XFORWARD" -> forward(command);
        case "MAIL" -> mail(command);
        case "RCPT" -> recipient(command);
        case "DATA" -> data();
        case "RSET" -> {
          envelope.reset();
          answer(250, "2.0.0 ok");
        }
        case "NOOP" -> answer(250, "2.0.0 ok");
        case "QUIT" -> {
          answer(221, "2.0.0 bye");
          return;
        }
        default -> answer(502, "5.5.1 no such command here");
      }
    }
  }

  private void greet() throws IOException {
    // 8BITMIME, or Postfix would convert a message and break its signature.
    var lines =
        "250-filter\r\n250-PIPELINING\r\n250-SIZE %d\r\n250-ENHANCEDSTATUSCODES\r\n"
                .formatted(maxMessageSize.getAsLong())
            + "250-XFORWARD NAME ADDR PROTO HELO SOURCE PORT IDENT\r\n250 8BITMIME\r\n";
    out.write(lines.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private void forward(String command) throws IOException {
    envelope.forward(command);
    answer(250, "2.0.0 ok");
  }

  private void mail(String command) throws IOException {
    var match = MAIL.matcher(command);
    if (!match.matches()) {
      answer(501, "5.5.4 MAIL FROM:<address> is needed");
      return;
    }
    var refusal = rules.refuseSender(match.group(1));
    if (refusal.isPresent()) {
      answer(refusal.get());
      return;
    }
    envelope.reset();
    envelope.from(command, match.group(1));
    answer(250, "2.1.0 ok");
  }

  private void recipient(String command) throws IOException {
    var match = RCPT.matcher(command);
    if (!envelope.hasSender()) {
      answer(503, "5.5.1 MAIL first");
    } else if (!match.matches()) {
      answer(501, "5.5.4 RCPT TO:<address> is needed");
    } else if (envelope.recipients().size() >= MOST_RECIPIENTS) {
      answer(452, "4.5.3 too many recipients");
    } else {
      envelope.to(command, match.group(1));
      answer(250, "2.1.5 ok");
    }
  }

  private void data() throws IOException {
    if (envelope.recipients().isEmpty()) {
      answer(503, "5.5.1 RCPT first");
      return;
    }
    answer(354, "end with CR LF . CR LF");
    try (var spool = new Spool()) {
      var outcome = new DataReader(in.stream(), maxMessageSize.getAsLong()).into(spool);
      answer(
          switch (outcome) {
            case TOO_LARGE -> new SmtpReply(552, "5.3.4 the message is too large");
            case BARE_LINE_END -> new SmtpReply(550, "5.6.0 the message has a CR or LF by itself");
            case WHOLE -> judgeAndDeliver(spool);
          });
    }
    envelope.reset();
  }

  private SmtpReply judgeAndDeliver(Spool spool) throws IOException {
    Judgement judgement;
    try (var message = spool.read()) {
      judgement = rules.judge(message);
    }
    var refusal = rules.refuseMessage(judgement, envelope.sender(), envelope.recipients());
    if (refusal.isPresent()) {
      return refusal.get();
    }
    try (var message = spool.read()) {
      var forged = rules.refuseAuthor(judgement, message);
      if (forged.isPresent()) {
        return forged.get();
      }
    }
    try (var message = spool.read()) {
      return nextHop.deliver(envelope, message);
    }
  }

  private void answer(int code, String text) throws IOException {
    answer(new SmtpReply(code, text));
  }

  private void answer(SmtpReply reply) throws IOException {
    out.write((reply + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }
}
