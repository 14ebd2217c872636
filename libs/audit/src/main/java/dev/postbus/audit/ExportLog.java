package dev.postbus.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.postbus.events.RawRecord;
import dev.postbus.events.Topic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The log in an export. */
public final class ExportLog implements AuditLog {
  private final Path folder;
  private final ExportManifest manifest;

  private ExportLog(Path folder, ExportManifest manifest) {
    this.folder = folder;
    this.manifest = manifest;
  }

  /**
   * Opens it; whether it is whole, {@link #verify} tells.
   *
   * @throws IOException if there is none, or none that is understood
   */
  public static ExportLog open(Path folder) throws IOException {
    return new ExportLog(folder, ExportManifest.of(folder));
  }

  /** What it says it holds. */
  public ExportManifest manifest() {
    return manifest;
  }

  @Override
  public Map<Topic, Long> counts() {
    var counts = new EnumMap<Topic, Long>(Topic.class);
    manifest.topics().forEach((topic, count) -> counts.put(Topic.ofKafkaName(topic), count));
    return counts;
  }

  /**
   * Whether it is as it was made, and the log in it as it was written.
   *
   * @param before chains of an earlier export, which must still be in it; may be empty
   * @throws IOException if it cannot be read
   */
  public VerificationReport verify(List<ChainReport> before) throws IOException {
    var verification = new Verification();
    before.forEach(verification::expect);
    var counts = new EnumMap<Topic, Long>(Topic.class);
    var sha256 =
        pass(
            EnumSet.allOf(Topic.class),
            raw -> {
              verification.next(raw);
              counts.merge(raw.topic(), 1L, Long::sum);
            });
    var report = verification.report();
    var findings = new ArrayList<>(report.findings());
    if (!sha256.equals(manifest.sha256())) {
      findings.add(
          file(ExportManifest.EVENTS, "altered: its SHA-256 is %s, the manifest has %s", sha256));
    }
    if (!counts.equals(counts())) {
      findings.add(file(ExportManifest.EVENTS, "it holds %s, the manifest has %s", counts));
    }
    if (!report.chains().equals(manifest.chains())) {
      findings.add(
          new Finding(
              ExportManifest.FILE, null, null, null, "its chains are not those of the records"));
    }
    return new VerificationReport(
        report.records(),
        report.chains(),
        findings,
        report.findingCount() + findings.size() - report.findings().size(),
        report.notes(),
        report.since(),
        report.removed());
  }

  private Finding file(String name, String what, Object found) {
    var written = found instanceof String ? manifest.sha256() : manifest.topics();
    return new Finding(name, null, null, null, what.formatted(found, written));
  }

  @Override
  public void read(Collection<Topic> topics, Consumer<RawRecord> taker) throws IOException {
    pass(topics, taker);
  }

  /** Reads all, hands on some, and tells the file's SHA-256. */
  private String pass(Collection<Topic> topics, Consumer<RawRecord> taker) throws IOException {
    var file = folder.resolve(ExportManifest.EVENTS);
    var sha = Export.sha256();
    var number = 0L;
    Topic before = null;
    try (var in = new DigestInputStream(Files.newInputStream(file), sha);
        var lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16)) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        var raw = record(line, file, number);
        checkOrder(before, raw.topic(), file, number);
        before = raw.topic();
        if (topics.contains(raw.topic())) {
          taker.accept(raw);
        }
      }
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  private static RawRecord record(String line, Path file, long number) throws IOException {
    try {
      return RecordLine.read(line);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IOException(
          "%s, line %d is no record: %s".formatted(file, number, e.getMessage()), e);
    }
  }

  private static void checkOrder(@Nullable Topic before, Topic now, Path file, long number)
      throws IOException {
    if (before != null && TopicOrder.ORDER.compare(before, now) > 0) {
      throw new IOException(
          "%s, line %d: a record of %s stands behind those of %s"
              .formatted(file, number, now.kafkaName(), before.kafkaName()));
    }
  }

  @Override
  public void close() {}
}
