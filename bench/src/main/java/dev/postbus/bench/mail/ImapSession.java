package dev.postbus.bench.mail;

import dev.postbus.bench.Target;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A mail program at its inbox. For one thread at a time. */
public final class ImapSession implements AutoCloseable {
  private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)}$");
  private static final Pattern EXISTS = Pattern.compile("\\* (\\d+) EXISTS");
  private static final Pattern STATUS = Pattern.compile("\\* STATUS .*MESSAGES (\\d+).*");

  private static final Pattern EXPUNGE = Pattern.compile("\\* \\d+ EXPUNGE");
  private static final Pattern LETTER =
      Pattern.compile("\\* (\\d+) FETCH \\(UID (\\d+) BODY\\[\\] \\{(\\d+)\\}");

  private final Conversation server;
  private int exists;
  private long idleSince;

  private ImapSession(Conversation server) {
    this.server = server;
  }

  /** Connects over TLS and logs in, which makes the account if it is new. */
  public static ImapSession logIn(Target target, Account account) throws IOException {
    var server = Conversation.tls(target.host(), target.imaps());
    try {
      server.hear();
      var session = new ImapSession(server);
      session.ask("LOGIN \"%s\" \"%s\"".formatted(account.address(), account.password()));
      return session;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /** Opens the inbox. */
  public void select() throws IOException {
    ask("SELECT INBOX");
  }

  /** Begins to wait for news; returns when the server waits too. */
  public void idle() throws IOException {
    server.say("a IDLE");
    for (var line = server.hear(); !line.startsWith("+"); line = server.hear()) {
      note(line);
      if (line.startsWith("a ")) {
        throw new IOException("IDLE: " + line);
      }
    }
    idleSince = System.nanoTime();
  }

  /** When the present IDLE began, by {@link System#nanoTime}. */
  public long idleSince() {
    return idleSince;
  }

  /** Messages in the inbox as far as the server told. */
  public int exists() {
    return exists;
  }

  /**
   * Waits, in IDLE, until the inbox has so many messages.
   *
   * @return when the server said so, by {@link System#nanoTime}
   * @throws SocketTimeoutException if it did not in time
   */
  public long awaitExists(int messages, Duration longest) throws IOException {
    var end = System.nanoTime() + longest.toNanos();
    while (exists < messages) {
      var left = end - System.nanoTime();
      if (left <= 0) {
        throw new SocketTimeoutException("no EXISTS in " + longest);
      }
      note(server.hear(Duration.ofNanos(left)));
    }
    return System.nanoTime();
  }

  /** Ends IDLE. */
  public void done() throws IOException {
    server.say("DONE");
    hearAnswer("IDLE");
  }

  /** Asks how many messages the inbox has, outside IDLE and without opening it. */
  public int countMessages() throws IOException {
    ask("STATUS INBOX (MESSAGES)");
    return exists;
  }

  /**
   * A message in the inbox.
   *
   * @param number its place, from 1
   * @param uid its unique identifier, which grows from one message to the next
   * @param id what its sender gave to {@link SealedMessage#bytes(String, String, long)}
   */
  public record Letter(int number, long uid, long id) {}

  /** Fetches all messages, whole, in the order in which they came. Outside IDLE. */
  public List<Letter> letters() throws IOException {
    var letters = new ArrayList<Letter>();
    if (exists == 0) {
      return letters;
    }
    server.say("a UID FETCH 1:* (BODY.PEEK[])");
    for (var line = server.hear(); !line.startsWith("a "); line = server.hear()) {
      note(line);
      var match = LETTER.matcher(line);
      if (match.matches()) {
        var id = SealedMessage.idOf(server.hear(Integer.parseInt(match.group(3))));
        if (id.isPresent()) {
          letters.add(
              new Letter(
                  Integer.parseInt(match.group(1)),
                  Long.parseLong(match.group(2)),
                  id.getAsLong()));
        }
      }
    }
    return letters;
  }

  /** Deletes all messages up to one, whose unique identifier it takes (UIDPLUS, RFC 4315). */
  public void delete(long lastUid) throws IOException {
    ask("UID STORE 1:%d +FLAGS.SILENT (\\Deleted)".formatted(lastUid));
    ask("UID EXPUNGE 1:%d".formatted(lastUid));
  }

  /**
   * What the server says of itself under a name (RFC 5464, section 4.2), outside IDLE.
   *
   * @throws IOException if it says nothing
   */
  public String metadata(String name) throws IOException {
    server.say("a GETMETADATA \"\" (%s)".formatted(name));
    String value = null;
    for (var line = server.hear(); !line.startsWith("a "); line = server.hear()) {
      var literal = LITERAL.matcher(line);
      if (line.startsWith("* METADATA") && literal.find()) {
        var bytes = server.hear(Integer.parseInt(literal.group(1)));
        value = new String(bytes, StandardCharsets.UTF_8);
      } else if (line.startsWith("* METADATA") && line.endsWith("\")")) {
        value = line.substring(line.indexOf('"', line.indexOf(name)) + 1, line.length() - 2);
      }
    }
    if (value == null) {
      throw new IOException("the server says nothing of " + name);
    }
    return value;
  }

  /** Says goodbye and hangs up. */
  public void logOut() throws IOException {
    ask("LOGOUT");
    close();
  }

  private void ask(String command) throws IOException {
    server.say("a " + command);
    hearAnswer(command.split(" ", 2)[0]);
  }

  private void hearAnswer(String command) throws IOException {
    var line = server.hear();
    for (; !line.startsWith("a "); line = server.hear()) {
      note(line);
      if (line.startsWith("* BYE") && !command.equals("LOGOUT")) {
        throw new IOException(command + ": " + line);
      }
    }
    if (!line.startsWith("a OK")) {
      throw new IOException(command + ": " + line);
    }
  }

  private void note(String line) {
    if (EXPUNGE.matcher(line).matches()) {
      exists--;
    }
    for (var pattern : new Pattern[] {EXISTS, STATUS}) {
      var match = pattern.matcher(line);
      if (match.matches()) {
        exists = Integer.parseInt(match.group(1));
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
