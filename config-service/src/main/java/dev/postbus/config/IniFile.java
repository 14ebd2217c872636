package dev.postbus.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The text of {@code chatmail.ini}: one section {@code [params]}, {@code key = value} lines, and
 * comments. Read by our own few lines because every error names its line, which the libraries for
 * such files do not tell.
 */
final class IniFile {
  /** In bytes. */
  static final int LARGEST = 1 << 20;

  private static final String SECTION = "[params]";

  private IniFile() {}

  /** A value with the line that it stands on. */
  record Value(String text, int line) {}

  /** Reads the values; keys and values are not judged here. */
  static Map<String, Value> parse(byte[] bytes) throws InvalidConfiguration {
    var problems = new ArrayList<Problem>();
    var values = new LinkedHashMap<String, Value>();
    var section = false;
    var number = 0;
    for (var raw : text(bytes).split("\n", -1)) {
      number++;
      var control = controlIn(raw);
      if (control >= 0) {
        problems.add(
            Problem.inFile(
                number,
                "line %d holds the control character U+%04X; allowed are printable text and tabs"
                    .formatted(number, control)));
        continue;
      }
      var line = raw.strip();
      if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
        continue;
      }
      if (line.startsWith("[")) {
        if (!line.equals(SECTION) || section) {
          problems.add(
              Problem.inFile(
                  number, "line " + number + ": the only section is " + SECTION + ", once"));
        }
        section = true;
        continue;
      }
      var equals = line.indexOf('=');
      if (equals < 1) {
        problems.add(Problem.inFile(number, "line " + number + " must be: key = value"));
        continue;
      }
      if (!section) {
        problems.add(
            Problem.inFile(number, "line " + number + " stands before the section " + SECTION));
        section = true;
      }
      var key = line.substring(0, equals).strip();
      var value = new Value(line.substring(equals + 1).strip(), number);
      var twin = values.put(key, value);
      if (twin != null) {
        problems.add(
            new Problem(
                key,
                number,
                value.text(),
                "%s on line %d stands on line %d already; a key may stand once"
                    .formatted(key, number, twin.line()),
                null));
      }
    }
    if (!section) {
      problems.add(Problem.inFile(null, "the section " + SECTION + " is missing"));
    }
    if (!problems.isEmpty()) {
      throw new InvalidConfiguration(problems);
    }
    return values;
  }

  /** Writes the keys that have a value, each with its meaning and what is allowed. */
  static String render(Map<String, String> values) {
    var text = new StringBuilder("# Configuration of this relay.\n" + SECTION + "\n");
    for (var key : Keys.list()) {
      var value = values.get(key.name());
      if (value == null) {
        continue;
      }
      text.append("\n# ").append(key.meaning());
      text.append("\n# must be ").append(key.kind().allowed());
      text.append("\n").append(key.name()).append(" = ").append(value).append("\n");
    }
    return text.toString();
  }

  /** The first control character that is neither a tab nor the line's own end; -1 if none is. */
  private static int controlIn(String line) {
    var end = line.endsWith("\r") ? line.length() - 1 : line.length();
    return line.substring(0, end)
        .chars()
        .filter(c -> Character.isISOControl(c) && c != '\t')
        .findFirst()
        .orElse(-1);
  }

  private static String text(byte[] bytes) throws InvalidConfiguration {
    if (bytes.length > LARGEST) {
      throw new InvalidConfiguration(
          List.of(Problem.inFile(null, "the file is larger than 1 MiB: is it the right one?")));
    }
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new InvalidConfiguration(List.of(Problem.inFile(null, "the file is not UTF-8 text")));
    }
  }
}
