package dev.postbus.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.postbus.events.RawHeader;
import dev.postbus.events.RawRecord;
import dev.postbus.events.Topic;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

class RecordLineTest {
  @Property(tries = 1000)
  void anyBytesComeBackAsTheyWere(
      @ForAll Topic topic, @ForAll byte[] key, @ForAll byte[] header, @ForAll byte[] value)
      throws IOException {
    var raw =
        new RawRecord(
            topic,
            7,
            8,
            key,
            List.of(new RawHeader("a", header), new RawHeader("b", (byte[]) null)),
            value);

    assertThat(RecordLine.read(line(raw))).usingRecursiveComparison().isEqualTo(raw);
  }

  @Property(tries = 3000, shrinking = ShrinkingMode.OFF)
  void aLineIsReadOrRefusedWhateverIsInIt(
      @ForAll @IntRange(max = 200) int from,
      @ForAll @IntRange(max = 20) int length,
      @ForAll @StringLength(max = 5) String inserted)
      throws IOException {
    var raw =
        new RawRecord(
            Topic.CHECKPOINT,
            7,
            8,
            null,
            List.of(new RawHeader("ce_id", "x"), new RawHeader("y", new byte[] {-1})),
            new byte[] {'{', '}'});
    var line = new StringBuilder(line(raw));
    var begin = Math.min(from, line.length());
    line.replace(begin, Math.min(begin + length, line.length()), inserted);

    try {
      assertThat(RecordLine.read(line.toString()).data()).isNotNull();
    } catch (JsonProcessingException | IllegalArgumentException refused) {
      assertThat(refused.getMessage()).isNotBlank();
    }
  }

  private static String line(RawRecord raw) throws IOException {
    var text = new StringWriter();
    try (var json = AuditJson.JSON.createGenerator(text)) {
      RecordLine.write(json, raw);
    }
    return text.toString();
  }
}
