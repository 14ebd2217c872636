package dev.postbus.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.postbus.events.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions on disk: {@code versions/000001.json} and so on, each written whole or not. One that
 * a disk has damaged is set aside, so that it can be completed from the log.
 */
final class VersionFiles {
  private static final Logger log = LoggerFactory.getLogger(VersionFiles.class);
  private static final String DAMAGED = ".damaged";

  static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private final Path folder;

  VersionFiles(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + folder, e);
    }
  }

  /** The newest that can be read. */
  Optional<Version> latest() {
    return numbers().reversed().stream().flatMap(number -> read(number).stream()).findFirst();
  }

  /** Whether there is none, or one was damaged: the log may have more than the disk. */
  boolean incomplete() {
    return latest().isEmpty() || !numbers().containsAll(numbers(DAMAGED));
  }

  List<Long> numbers() {
    return numbers("");
  }

  private List<Long> numbers(String suffix) {
    var form = Pattern.compile("(\\d+)\\.json" + Pattern.quote(suffix));
    try (var files = Files.list(folder)) {
      return files
          .map(file -> form.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .map(match -> Long.valueOf(match.group(1)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder, e);
    }
  }

  Optional<Version> read(long number) {
    var file = file(number);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(file.toFile(), Version.class));
    } catch (JacksonException e) {
      log.error("{} is damaged; the next start completes it from the log, if it is there", file);
      setAside(file, DAMAGED);
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  void write(Version version) {
    try {
      DurableFile.write(file(version.number()), JSON.writeValueAsBytes(version));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file(version.number()), e);
    }
  }

  /** Takes a version out of the row; its file stays beside it for a human to look at. */
  void setAside(Version version) {
    setAside(file(version.number()), ".displaced");
  }

  private static void setAside(Path file, String suffix) {
    try {
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + suffix),
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot set " + file + " aside", e);
    }
  }

  private Path file(long number) {
    return folder.resolve("%06d.json".formatted(number));
  }
}
