package dev.postbus.audit;

import dev.postbus.events.RawRecord;
import dev.postbus.events.RecordHead;
import dev.postbus.events.UnreadableRecord;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Events as a table for spreadsheets (RFC 4180). A cell that a spreadsheet would take for a formula
 * begins with an apostrophe.
 */
final class CsvTable implements AutoCloseable {
  private static final String FORMULA = "=+-@\t\r\n＝＋－＠";
  private static final List<String> COLUMNS =
      List.of(
          "topic",
          "offset",
          "time",
          "source",
          "type",
          "subject",
          "id",
          "sequence",
          "causationid",
          "previousdigest",
          "data");

  private final Writer out;

  CsvTable(Writer out) throws IOException {
    this.out = out;
    row(COLUMNS);
  }

  void add(RawRecord raw) throws IOException {
    var topic = raw.topic().kafkaName();
    var offset = Long.toString(raw.offset());
    var data = new String(raw.data(), StandardCharsets.UTF_8);
    RecordHead head;
    try {
      head = raw.head();
    } catch (UnreadableRecord e) {
      row(List.of(topic, offset, "", "", "", "", "", "", "", "", data));
      return;
    }
    row(
        List.of(
            topic,
            offset,
            head.time().toString(),
            head.source(),
            head.type(),
            head.subject(),
            head.id(),
            Long.toString(head.sequence()),
            text(head.causationId()),
            text(head.previousDigest()),
            data));
  }

  private void row(List<String> cells) throws IOException {
    out.write(cells.stream().map(CsvTable::cell).collect(Collectors.joining(",")) + "\r\n");
  }

  static String cell(String text) {
    var guarded = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    return guarded
            .chars()
            .anyMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r' || c == '\'')
        ? '"' + guarded.replace("\"", "\"\"") + '"'
        : guarded;
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
