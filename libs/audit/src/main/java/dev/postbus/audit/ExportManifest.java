package dev.postbus.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an export holds.
 *
 * @param format {@value #FORMAT}
 * @param made when it was made
 * @param domains whose events they are
 * @param records how many there are
 * @param topics how many of each topic
 * @param sha256 of {@code events.jsonl}, lower-case hex
 * @param bytes its length
 * @param chains what each writer wrote
 * @param findings how many places were found that are not as they were written, when it was made
 */
public record ExportManifest(
    int format,
    Instant made,
    List<String> domains,
    long records,
    SortedMap<String, Long> topics,
    String sha256,
    long bytes,
    List<ChainReport> chains,
    long findings) {
  static final int FORMAT = 1;
  static final String FILE = "manifest.json";
  static final String EVENTS = "events.jsonl";
  static final String TABLE = "events.csv";

  /** Copies the collections. */
  public ExportManifest {
    domains = List.copyOf(domains);
    topics = new TreeMap<>(topics == null ? Map.of() : topics);
    chains = List.copyOf(chains);
  }

  /**
   * Reads an export's manifest.
   *
   * @throws IOException if there is none, or none that is understood
   */
  public static ExportManifest of(Path folder) throws IOException {
    var file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          folder + " is no export: it has no " + FILE + ", which is written at the end of one");
    }
    ExportManifest manifest;
    try {
      manifest = AuditJson.read(Files.readAllBytes(file), ExportManifest.class);
    } catch (IOException | NullPointerException e) {
      throw new IOException(file + " is damaged: " + e.getMessage(), e);
    }
    if (manifest.format() != FORMAT) {
      throw new IOException(
          "%s is of format %d; this Postbus knows %d".formatted(file, manifest.format(), FORMAT));
    }
    return manifest;
  }
}
