package dev.postbus.policy.smtp;

import dev.postbus.policy.dkim.Verdict;
import dev.postbus.policy.message.MessageJudge;
import dev.postbus.policy.net.Deadlines;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;

/** Fuzz target: all that a client may say to a filter. */
public final class SmtpSessionFuzz {
  private static final FilterServer SERVER = server();

  private SmtpSessionFuzz() {}

  /** One conversation; every answer is a reply, and nothing strange is passed on. */
  public static void fuzzerTestOneInput(byte[] input) {
    var out = new ByteArrayOutputStream();
    try {
      new FilterSession(SERVER, new ByteArrayInputStream(input), out).run(() -> false);
    } catch (IOException e) {
      // Hanging up is what clients do.
      if (!String.valueOf(e.getMessage()).contains("hung up")) {
        throw new UncheckedIOException(e);
      }
    }
    var said = out.toString(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < said.length(); i = said.indexOf('\n', i) + 1) {
      var after = said.charAt(i + 3);
      if (said.charAt(i) < '2' || said.charAt(i) > '5' || (after != ' ' && after != '-')) {
        throw new IllegalStateException("not a reply: " + said.substring(i));
      }
    }
  }

  private static SmtpReply check(Envelope envelope, Spool message) {
    var commands = new ArrayList<>(envelope.recipientCommands());
    commands.add(envelope.senderCommand());
    for (var command : commands) {
      if (command.chars().anyMatch(c -> c < ' ') || command.isEmpty()) {
        throw new IllegalStateException("passed on: " + command);
      }
    }
    try (var in = message.read()) {
      var text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      for (int i = 0; i < text.length(); i++) {
        var bareLf = text.charAt(i) == '\n' && (i == 0 || text.charAt(i - 1) != '\r');
        var bareCr = text.charAt(i) == '\r' && text.indexOf('\n', i) != i + 1;
        if (bareLf || bareCr) {
          throw new IllegalStateException("a bare line end was passed on");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new SmtpReply(250, "2.0.0 taken");
  }

  private static FilterServer server() {
    try {
      var folder = Files.createTempDirectory("fuzz");
      folder.toFile().deleteOnExit();
      return new FilterServer(
          new MailRules.Incoming(
              recipient -> true,
              message -> MessageJudge.judge(message.open(), false),
              (message, authors) -> Verdict.VALID),
          SmtpSessionFuzz::check,
          () -> 2000,
          SpoolFolder.open(folder, 1 << 20),
          new Deadlines(Duration.ofDays(1)),
          SessionLimits.USUAL,
          new FilterCounters());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
