package dev.postbus.policy.smtp;

import dev.postbus.policy.net.LineReader;
import dev.postbus.policy.net.LineTooLongException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection of Postfix to a before-queue filter: an SMTP server that takes a whole message,
 * judges it, and answers with what the next server says, or with a refusal.
 */
final class FilterSession {
  private static final int LONGEST_COMMAND = 4096;
  private static final int ANSWERS = 256;
  private static final Ruling.Refused TOO_LARGE =
      new Ruling.Refused(
          FilterVerdict.REFUSED_SIZE, new SmtpReply(552, "5.3.4 the message is too large"));
  private static final Ruling.Refused BARE_LINE_END =
      new Ruling.Refused(
          FilterVerdict.REFUSED_LINE_END,
          new SmtpReply(550, "5.6.0 the message has a CR or LF by itself"));
  private static final Ruling.Refused CROWD =
      new Ruling.Refused(
          FilterVerdict.PUT_OFF_CROWD,
          new SmtpReply(451, "4.3.2 too many messages at once, try again later"));

  private final FilterServer server;
  private final LineReader in;
  private final BufferedOutputStream out;
  private final Envelope envelope = new Envelope();
  private int errors;
  private boolean over;

  FilterSession(FilterServer server, InputStream in, OutputStream out) {
    this.server = server;
    this.in = new LineReader(in, LONGEST_COMMAND);
    this.out = new BufferedOutputStream(out, ANSWERS);
  }

  /** Speaks until one of both has enough. */
  void run(BooleanSupplier timedOut) throws IOException {
    answer(220, "filter ESMTP");
    while (!over) {
      @Nullable String line;
      try {
        line = nextLine();
      } catch (LineTooLongException e) {
        answer(500, "5.5.6 the line is too long");
        break;
      }
      if (line == null) {
        over = true;
        if (timedOut.getAsBoolean()) {
          answer(421, "4.4.2 this takes too long");
        }
      } else if (!line.endsWith("\r\n") || line.indexOf('\r') != line.length() - 2) {
        answer(500, "5.5.2 lines must end with CR LF");
        over = true;
      } else {
        obey(SmtpCommand.of(line.substring(0, line.length() - 2)));
      }
    }
    out.flush();
  }

  /** Answers wait until the other side does, so that pipelined commands cost one packet. */
  private @Nullable String nextLine() throws IOException {
    if (!in.hasMore()) {
      out.flush();
    }
    return in.line();
  }

  private void obey(SmtpCommand command) throws IOException {
    if (command.hasControlCharacters()) {
      wrong(500, "5.5.2 a command has no control characters");
      return;
    }
    switch (command.verb()) {
      case "EHLO", "HELO" -> greet(command);
      case "XFORWARD" -> forward(command);
      case "MAIL" -> mail(command);
      case "RCPT" -> recipient(command);
      case "DATA" -> data(command);
      case "RSET" -> {
        envelope.reset();
        answer(250, "2.0.0 ok");
      }
      case "NOOP" -> answer(250, "2.0.0 ok");
      // Tells nothing about addresses.
      case "VRFY" -> answer(252, "2.0.0 send mail and see");
      case "QUIT" -> {
        answer(221, "2.0.0 bye");
        over = true;
      }
      default -> wrong(502, "5.5.1 no such command here");
    }
  }

  private void greet(SmtpCommand command) throws IOException {
    if (command.argument().isEmpty()) {
      wrong(501, "5.5.4 a name is needed");
      return;
    }
    envelope.reset();
    // 8BITMIME, or Postfix would convert a message and break its signature.
    answer(
        250,
        command.verb().equals("HELO")
            ? "filter"
            : "filter\nPIPELINING\nSIZE %d\nENHANCEDSTATUSCODES\nXFORWARD %s\nSMTPUTF8\n8BITMIME"
                .formatted(
                    server.maxMessageSize().getAsLong(), "NAME ADDR PROTO HELO SOURCE PORT IDENT"));
  }

  private void forward(SmtpCommand command) throws IOException {
    if (envelope.hasSender()) {
      wrong(503, "5.5.1 not within a message");
    } else if (command.argument().indexOf('=') < 0 || !envelope.hasRoomForForward()) {
      wrong(501, "5.5.4 a few attributes with values are needed");
    } else {
      envelope.forward(command.line());
      answer(250, "2.0.0 ok");
    }
  }

  private void mail(SmtpCommand command) throws IOException {
    var path = MailPath.of(command.argument(), "FROM:");
    if (envelope.hasSender()) {
      wrong(503, "5.5.1 one message at a time");
    } else if (path.isEmpty()) {
      wrong(501, "5.5.4 MAIL FROM:<address> is needed");
    } else {
      var refusal =
          tooLarge(path.get())
              .or(() -> server.rules().refuseSender(path.get().address()).map(this::counted));
      if (refusal.isPresent()) {
        answer(refusal.get());
      } else {
        envelope.from(command.line(), path.get().address());
        answer(250, "2.1.0 ok");
      }
    }
  }

  private Optional<SmtpReply> tooLarge(MailPath path) {
    try {
      var size = path.announcedSize();
      var most = server.maxMessageSize().getAsLong();
      return size.isPresent() && Long.compareUnsigned(size.getAsLong(), most) > 0
          ? Optional.of(counted(TOO_LARGE))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.of(new SmtpReply(501, "5.5.4 SIZE is a number of bytes"));
    }
  }

  private void recipient(SmtpCommand command) throws IOException {
    var path = MailPath.of(command.argument(), "TO:");
    if (!envelope.hasSender()) {
      wrong(503, "5.5.1 MAIL first");
    } else if (path.isEmpty() || path.get().address().isEmpty()) {
      wrong(501, "5.5.4 RCPT TO:<address> is needed");
    } else if (envelope.recipients().size() >= server.limits().mostRecipients()
        || !envelope.hasRoomFor(command.line())) {
      answer(452, "4.5.3 too many recipients");
    } else {
      envelope.to(command.line(), path.get().address());
      answer(250, "2.1.5 ok");
    }
  }

  private void data(SmtpCommand command) throws IOException {
    if (!command.argument().isEmpty()) {
      wrong(501, "5.5.4 DATA has no argument");
      return;
    }
    if (envelope.recipients().isEmpty()) {
      wrong(503, "5.5.1 RCPT first");
      return;
    }
    var place = server.spools().spool();
    if (place.isEmpty()) {
      answer(counted(CROWD));
      return;
    }
    try (var spool = place.get()) {
      answer(354, "end with CR LF . CR LF");
      out.flush();
      answer(take(spool));
    }
    envelope.reset();
  }

  private SmtpReply take(Spool spool) throws IOException {
    var outcome = new DataReader(in, server.maxMessageSize().getAsLong(), spool).read();
    return switch (outcome) {
      case TOO_LARGE -> counted(TOO_LARGE);
      case BARE_LINE_END -> counted(BARE_LINE_END);
      case WHOLE -> judgeAndDeliver(spool);
    };
  }

  private SmtpReply judgeAndDeliver(Spool spool) throws IOException {
    var judgement = server.rules().judge(spool::read);
    var ruling = server.rules().rule(judgement, envelope.sender(), envelope.recipients());
    return switch (ruling) {
      case Ruling.Refused refused -> counted(refused);
      case Ruling.Passed passed -> {
        var forged = server.rules().refuseAuthor(judgement, spool::read);
        if (forged.isPresent()) {
          yield counted(forged.get());
        }
        server.counters().verdicts().count(passed.verdict());
        var reply = server.delivery().deliver(envelope, spool);
        server.counters().answers().count(FilterCounters.Answer.of(reply.code()));
        yield reply;
      }
    };
  }

  private SmtpReply counted(Ruling.Refused refused) {
    server.counters().verdicts().count(refused.verdict());
    return refused.reply();
  }

  /** Answers a command that should not have come; after many of them, nothing more is heard. */
  private void wrong(int code, String text) throws IOException {
    answer(code, text);
    errors++;
    if (errors >= server.limits().mostErrors()) {
      answer(421, "4.7.0 too many errors");
      over = true;
    }
  }

  private void answer(int code, String text) throws IOException {
    answer(new SmtpReply(code, text));
  }

  private void answer(SmtpReply reply) throws IOException {
    out.write((reply + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }
}
