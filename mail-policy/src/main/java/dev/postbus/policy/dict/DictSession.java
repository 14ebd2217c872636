package dev.postbus.policy.dict;

import dev.postbus.policy.net.LineReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One connection of Dovecot's dict client (its dict-client.h), line by line. */
public final class DictSession {
  private static final Logger log = Logger.getLogger(DictSession.class.getName());
  private static final int LONGEST_LINE = 64 * 1024;
  private static final int MOST_TRANSACTIONS = 100;

  private final Dict dict;
  private final Map<String, List<Map.Entry<String, String>>> transactions = new HashMap<>();

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
      var answer = session.answer(line.substring(0, line.length() - 1));
      if (!answer.isEmpty()) {
        out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
  }

  private String answer(String line) {
    if (line.isEmpty()) {
      return "";
    }
    var words = line.substring(1).split("\t", -1);
    for (int i = 0; i < words.length; i++) {
      words[i] = DictText.unescapeTabs(words[i]);
    }
    try {
      return switch (line.charAt(0)) {
        case 'L' ->
            dict.lookup(words[0])
                .map(value -> "O" + DictText.escapeTabs(value) + "\n")
                .orElse("N\n");
        case 'I' -> iterate(words);
        case 'B' -> begin(words[0]);
        case 'S' -> set(words);
        case 'C' -> commit(words[0]);
        case 'D' -> {
          commit(words[0]);
          yield "";
        }
        case 'R' -> {
          transactions.remove(words[0]);
          yield "";
        }
        // The hello, and what later versions may add without wanting an answer.
        default -> "";
      };
    } catch (IOException | RuntimeException e) {
      log.log(Level.WARNING, "a lookup failed", e);
      return "F" + DictText.escapeTabs("internal error") + "\n";
    }
  }

  /** {@code I<flags>\t<max rows>\t<path>…}, answered by a line a key and an empty one. */
  private String iterate(String[] words) throws IOException {
    var rows = new StringBuilder();
    if (words.length > 2) {
      for (var key : dict.iterate(words[2])) {
        rows.append('O').append(DictText.escapeTabs(key)).append("\t\n");
      }
    }
    return rows.append('\n').toString();
  }

  private String begin(String id) {
    if (transactions.size() < MOST_TRANSACTIONS) {
      transactions.put(id, new ArrayList<>());
    }
    return "";
  }

  private String set(String[] words) {
    var changes = transactions.get(words[0]);
    if (changes != null && words.length > 2 && changes.size() < MOST_TRANSACTIONS) {
      changes.add(Map.entry(words[1], words[2]));
    }
    return "";
  }

  private String commit(String id) throws IOException {
    var changes = transactions.remove(id);
    if (changes == null) {
      return "F" + DictText.escapeTabs(id) + "\n";
    }
    for (var change : changes) {
      dict.set(change.getKey(), change.getValue());
    }
    return "O" + DictText.escapeTabs(id) + "\n";
  }
}
