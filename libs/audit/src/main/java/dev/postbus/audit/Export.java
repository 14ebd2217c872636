package dev.postbus.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postbus.events.DurableFile;
import dev.postbus.events.RawRecord;
import dev.postbus.events.Topic;
import dev.postbus.events.UnreadableRecord;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Copies a log into a folder: a record a line, and a manifest that is written last. */
public final class Export {
  private final Verification verification = new Verification();
  private final TreeMap<String, Long> topics = new TreeMap<>();
  private final Set<String> domains = new TreeSet<>();
  private final LongConsumer progress;
  private long records;

  private Export(LongConsumer progress) {
    this.progress = progress;
  }

  /**
   * Makes an export.
   *
   * @param folder is made, or empty; what is written there is for its owner alone
   * @param csv whether there is to be a table for spreadsheets, too
   * @param progress is told how many records were written
   * @throws IOException if the log cannot be read, the folder is not empty or cannot be written
   */
  public static ExportManifest of(
      AuditLog log, Path folder, boolean csv, Clock clock, LongConsumer progress)
      throws IOException {
    make(folder);
    var export = new Export(progress);
    var sha = sha256();
    export.write(log, folder, csv, sha);
    var report = export.verification.report();
    var manifest =
        new ExportManifest(
            ExportManifest.FORMAT,
            clock.instant(),
            export.domains.stream().toList(),
            export.records,
            export.topics,
            HexFormat.of().formatHex(sha.digest()),
            Files.size(folder.resolve(ExportManifest.EVENTS)),
            report.chains(),
            report.findingCount());
    DurableFile.writePrivate(
        folder.resolve(ExportManifest.FILE),
        AuditJson.JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest));
    return manifest;
  }

  private void write(AuditLog log, Path folder, boolean csv, MessageDigest sha) throws IOException {
    try (var file = open(folder.resolve(ExportManifest.EVENTS));
        var out = new BufferedOutputStream(new DigestOutputStream(stream(file), sha), 1 << 16);
        var json = AuditJson.JSON.createGenerator(out);
        var table = csv ? table(folder) : null) {
      json.setRootValueSeparator(null);
      log.read(EnumSet.allOf(Topic.class), raw -> add(raw, json, table));
      json.flush();
      out.flush();
      file.force(true);
    } catch (UncheckedIOException e) {
      throw new IOException("cannot write to %s: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private void add(RawRecord raw, JsonGenerator json, @Nullable CsvTable table) {
    try {
      RecordLine.write(json, raw);
      json.writeRaw('\n');
      if (table != null) {
        table.add(raw);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    verification.next(raw);
    topics.merge(raw.topic().kafkaName(), 1L, Long::sum);
    domainOf(raw).ifPresent(domains::add);
    records++;
    progress.accept(records);
  }

  private static Optional<String> domainOf(RawRecord raw) {
    try {
      return Optional.of(raw.head().subject());
    } catch (UnreadableRecord nobodys) {
      return Optional.empty();
    }
  }

  private static void make(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (var entries = Files.list(folder)) {
        if (entries.findAny().isPresent()) {
          throw new IOException(
              folder + " is not empty; choose a folder that is new, or empty this one");
        }
      }
    } else {
      var parent = folder.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  private static CsvTable table(Path folder) throws IOException {
    return new CsvTable(
        new BufferedWriter(
            new OutputStreamWriter(
                stream(open(folder.resolve(ExportManifest.TABLE))), StandardCharsets.UTF_8)));
  }

  private static OutputStream stream(FileChannel channel) {
    return Channels.newOutputStream(channel);
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
