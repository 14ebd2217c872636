package dev.postbus.policy.dict;

import dev.postbus.policy.net.LineReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One connection of Dovecot's dict client (its dict-client.h), line by line. */
public final class DictSession {
  private static final Logger log = Logger.getLogger(DictSession.class.getName());
  private static final int LONGEST_LINE = 64 * 1024;
  private static final int MOST_TRANSACTIONS = 100;

  private final Dict dict;
  private final Map<String, DictTransaction> transactions = new HashMap<>();

  private DictSession(Dict dict) {
    this.dict = dict;
  }

  /** Serves a connection until the other side closes it. */
  public static void serve(SocketChannel connection, Dict dict) throws IOException {
    serve(Channels.newInputStream(connection), Channels.newOutputStream(connection), dict);
  }

  static void serve(InputStream in, OutputStream out, Dict dict) throws IOException {
    var session = new DictSession(dict);
    var lines = new LineReader(in, LONGEST_LINE);
    for (var line = lines.line(); line != null; line = lines.line()) {
      var command = line.substring(0, line.length() - 1);
      if (command.startsWith("I")) {
        session.iterate(command, out);
        continue;
      }
      var answer = session.answer(command);
      if (!answer.isEmpty()) {
        out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
  }

  private String answer(String line) {
    if (line.isEmpty()) {
      return "";
    }
    var words = words(line);
    try {
      return switch (line.charAt(0)) {
        case 'L' ->
            dict.lookup(word(words, 1), words[0])
                .map(value -> "O" + DictText.escapeTabs(value) + "\n")
                .orElse("N\n");
        case 'B' -> begin(words[0], word(words, 1));
        case 'S', 'U', 'A' -> change(line.charAt(0), words);
        case 'C' -> commit(words[0]);
        case 'D' -> "A" + commit(words[0]);
        case 'R' -> {
          transactions.remove(words[0]);
          yield "";
        }
        // The hello, times of changes, and what later versions may add without wanting an answer.
        default -> "";
      };
    } catch (IOException | RuntimeException e) {
      return "F" + DictText.escapeTabs(told(e)) + "\n";
    }
  }

  /** {@code I<flags>\t<max rows>\t<path>…}, answered by a line a key and an empty one. */
  private void iterate(String line, OutputStream out) throws IOException {
    var words = words(line);
    var rows = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.ISO_8859_1));
    try {
      if (words.length > 2) {
        dict.iterate(words[2], key -> row(rows, key));
      }
      rows.write("\n");
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (IOException | RuntimeException e) {
      log.log(Level.WARNING, "an iteration failed", e);
      rows.write("F" + DictText.escapeTabs("internal error") + "\n");
    }
    rows.flush();
  }

  private static void row(Writer rows, String key) {
    try {
      rows.write("O" + DictText.escapeTabs(key) + "\t\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String[] words(String line) {
    var words = line.substring(1).split("\t", -1);
    for (int i = 0; i < words.length; i++) {
      words[i] = DictText.unescapeTabs(words[i]);
    }
    return words;
  }

  /** {@code B<id>\t<user>}: changes of one user, until a commit or a rollback. */
  private String begin(String id, String user) {
    if (transactions.size() < MOST_TRANSACTIONS) {
      transactions.put(id, new DictTransaction(user));
    }
    return "";
  }

  /** {@code S<id>\t<key>\t<value>}, {@code U<id>\t<key>}, {@code A<id>\t<key>\t<difference>}. */
  private String change(char command, String[] words) {
    var transaction = transactions.get(words[0]);
    if (transaction == null) {
      // The commit says so.
      return "";
    }
    if (command == 'S' && words.length > 2) {
      transaction.set(words[1], words[2]);
    } else if (command == 'U' && words.length > 1) {
      transaction.unset(words[1]);
    } else {
      transaction.refuse("a change that is not understood");
    }
    return "";
  }

  private String commit(String id) {
    var transaction = transactions.remove(id);
    if (transaction == null) {
      return "F" + DictText.escapeTabs(id) + "\tno such transaction\n";
    }
    try {
      transaction.commit(dict);
      return "O" + DictText.escapeTabs(id) + "\n";
    } catch (IOException | RuntimeException e) {
      return "F" + DictText.escapeTabs(id) + "\t" + DictText.escapeTabs(told(e)) + "\n";
    }
  }

  /** What Dovecot is told; what files say is kept from it and the log, it may name an address. */
  private static String told(Exception e) {
    if (e instanceof DictRefusal refusal) {
      return String.valueOf(refusal.getMessage());
    }
    if (e instanceof IOException) {
      log.log(Level.WARNING, "a dict request failed: {0}", e.getClass().getSimpleName());
    } else {
      log.log(Level.WARNING, "a dict request failed", e);
    }
    return "internal error";
  }

  private static String word(String[] words, int index) {
    return index < words.length ? words[index] : "";
  }
}
