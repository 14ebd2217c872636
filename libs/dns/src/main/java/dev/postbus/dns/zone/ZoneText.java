package dev.postbus.dns.zone;

import dev.postbus.dns.wanted.WantedRecord;
import dev.postbus.dns.wanted.WantedRecord.Need;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Records in the form of zone files (RFC 1035, section 5). */
public final class ZoneText {
  /** How long others may keep a record, in seconds. */
  public static final int TTL = 3600;

  // A character string of RFC 1035 has no more.
  private static final int LONGEST_STRING = 255;

  private ZoneText() {}

  /**
   * All records, with comments.
   *
   * @param notes comments for the end
   */
  public static String of(List<WantedRecord> records, List<String> notes) {
    var lines = new ArrayList<String>();
    lines.add("; Required");
    lines.addAll(lines(records, Need.REQUIRED));
    lines.add("");
    lines.add("; Recommended");
    lines.addAll(lines(records, Need.RECOMMENDED));
    notes.forEach(note -> lines.add("; " + note));
    return String.join("\n", lines) + "\n";
  }

  private static List<String> lines(List<WantedRecord> records, Need need) {
    var width = records.stream().mapToInt(record -> record.name().length()).max().orElse(0);
    return records.stream()
        .filter(record -> record.need() == need)
        .flatMap(
            record ->
                record.values().stream()
                    .map(
                        value ->
                            "%s%s %d IN %-5s %s"
                                .formatted(
                                    record.name(),
                                    " ".repeat(width - record.name().length()),
                                    TTL,
                                    record.type(),
                                    data(record.type(), value))))
        .toList();
  }

  /** A record's data as it stands in a zone file. */
  public static String data(String type, String value) {
    return switch (type) {
      case "TXT" -> strings(value);
      case "CAA" -> {
        var fields = value.split(" ", 3);
        yield "%s %s %s".formatted(fields[0], fields[1], quoted(fields[2]));
      }
      default -> value;
    };
  }

  private static String strings(String text) {
    var strings = new ArrayList<String>();
    for (int from = 0; from < text.length(); from += LONGEST_STRING) {
      strings.add(text.substring(from, Math.min(text.length(), from + LONGEST_STRING)));
    }
    return strings.stream().map(ZoneText::quoted).collect(Collectors.joining(" "));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
