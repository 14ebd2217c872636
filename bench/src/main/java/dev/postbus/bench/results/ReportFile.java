package dev.postbus.bench.results;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Reports as JSON files. */
public final class ReportFile {
  // A report of another version may say more.
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private ReportFile() {}

  /** Replaces the file in one step: at any moment it holds a whole report. */
  public static void write(Report report, Path file) throws IOException {
    var whole = file.toAbsolutePath();
    var next = whole.resolveSibling(whole.getFileName() + ".new");
    Files.write(next, JSON.writeValueAsBytes(report));
    Files.move(next, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Reads a report. */
  public static Report read(Path file) throws IOException {
    return JSON.readValue(Files.readAllBytes(file), Report.class);
  }
}
