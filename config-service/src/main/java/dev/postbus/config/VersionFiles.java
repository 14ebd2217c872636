package dev.postbus.config;

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

/** The versions on disk: {@code versions/000001.json} and so on, each written whole or not. */
final class VersionFiles {
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

  Optional<Version> latest() {
    var numbers = numbers();
    return numbers.isEmpty() ? Optional.empty() : read(numbers.getLast());
  }

  List<Long> numbers() {
    try (var files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("\\d+\\.json"))
          .map(name -> Long.valueOf(name.replace(".json", "")))
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
    } catch (IOException e) {
      throw new UncheckedIOException(file + " is damaged: restore it from a backup", e);
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
    var file = file(version.number());
    try {
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + ".displaced"),
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot set " + file + " aside", e);
    }
  }

  private Path file(long number) {
    return folder.resolve("%06d.json".formatted(number));
  }
}
