package dev.postbus.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.postbus.events.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumers' answers, a file a version, and up to where the log was read for them. All of it can be
 * read from the log again.
 */
final class AnswerFiles {
  private static final Logger log = LoggerFactory.getLogger(AnswerFiles.class);
  private static final TypeReference<List<Answer>> ANSWERS = new TypeReference<>() {};

  private final Path folder;

  AnswerFiles(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + folder, e);
    }
  }

  /**
   * Where to go on reading.
   *
   * @param offset of the log
   * @param newest the newest version that each consumer applied
   */
  record Progress(long offset, Map<String, Long> newest) {
    static final Progress NONE = new Progress(0, Map.of());
  }

  Progress progress() {
    return read(folder.resolve("progress.json"), new TypeReference<>() {}, Progress.NONE);
  }

  void remember(Progress progress) {
    write(folder.resolve("progress.json"), progress);
  }

  /** The last answer of each consumer to a version. */
  List<Answer> of(long version) {
    return read(file(version), ANSWERS, List.of());
  }

  void add(Answer answer) {
    var all = new TreeMap<String, Answer>();
    of(answer.version()).forEach(one -> all.put(one.service(), one));
    if (!answer.equals(all.put(answer.service(), answer))) {
      write(file(answer.version()), List.copyOf(all.values()));
    }
  }

  private Path file(long version) {
    return folder.resolve("%06d.json".formatted(version));
  }

  private static <T> T read(Path file, TypeReference<T> type, T otherwise) {
    if (!Files.exists(file)) {
      return otherwise;
    }
    try {
      return VersionFiles.JSON.readValue(Files.readAllBytes(file), type);
    } catch (JacksonException e) {
      log.warn("{} is damaged and passed over", file);
      return otherwise;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static void write(Path file, Object content) {
    try {
      DurableFile.write(file, VersionFiles.JSON.writeValueAsBytes(content));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
