package dev.postbus.events;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Events that happened and are not on the bus yet: a file each, written whole and flushed before
 * anybody is told, in the order of their numbers.
 */
final class Outbox {
  private final Path folder;
  private long lastNumber;

  Outbox(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the outbox " + folder, e);
    }
    lastNumber = files().stream().mapToLong(Outbox::numberOf).max().orElse(0);
  }

  /** An event that waits. */
  record Entry(
      String id,
      Topic topic,
      String type,
      Instant time,
      @Nullable String causationId,
      @Nullable TraceContext trace,
      @JsonRawValue String data) {}

  /** An entry with its file. */
  record Waiting(Path file, Entry entry) {}

  private record Stored(
      String id,
      Topic topic,
      String type,
      Instant time,
      @Nullable String causationId,
      @Nullable TraceContext trace,
      JsonNode data) {}

  /**
   * Makes an event durable.
   *
   * @param trace where it belongs; null if its sender can tell that from the ids
   */
  synchronized void put(
      RelayEvent event,
      EventBus.Published published,
      @Nullable String causationId,
      @Nullable TraceContext trace) {
    var data = EventCodec.utf8(EventCodec.dataOf(event));
    var entry =
        new Entry(
            published.id(),
            event.topic(),
            event.type(),
            published.time(),
            causationId,
            trace,
            data);
    try {
      lastNumber++;
      DurableFile.write(
          folder.resolve("%012d.json".formatted(lastNumber)),
          EventCodec.JSON.writeValueAsBytes(entry));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write an event to the outbox " + folder, e);
    }
  }

  /** The oldest entry. */
  Optional<Waiting> first() {
    return files().stream().flatMap(file -> load(file).stream()).findFirst();
  }

  /** Takes back an event that waits; nothing happens if it does not. */
  synchronized boolean withdraw(String id) {
    var found =
        files().stream()
            .flatMap(file -> load(file).stream())
            .filter(waiting -> waiting.entry().id().equals(id))
            .findFirst();
    found.ifPresent(this::remove);
    return found.isPresent();
  }

  /** Whether an event waits; one that is removed meanwhile does not. */
  boolean contains(String id) {
    return files().stream()
        .flatMap(file -> load(file).stream())
        .anyMatch(waiting -> waiting.entry().id().equals(id));
  }

  boolean isEmpty() {
    return files().isEmpty();
  }

  void remove(Waiting waiting) {
    try {
      Files.deleteIfExists(waiting.file());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + waiting.file(), e);
    }
  }

  /** An entry; none if its file was removed, as it was sent, since it was listed. */
  private static Optional<Waiting> load(Path file) {
    try {
      var stored = EventCodec.JSON.readValue(Files.readAllBytes(file), Stored.class);
      return Optional.of(
          new Waiting(
              file,
              new Entry(
                  stored.id(),
                  stored.topic(),
                  stored.type(),
                  stored.time(),
                  stored.causationId(),
                  stored.trace(),
                  stored.data().toString())));
    } catch (NoSuchFileException sent) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the outbox file " + file, e);
    }
  }

  private List<Path> files() {
    try (var entries = Files.list(folder)) {
      return entries
          .filter(file -> file.getFileName().toString().matches("\\d+\\.json"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list the outbox " + folder, e);
    }
  }

  private static long numberOf(Path file) {
    return Long.parseLong(file.getFileName().toString().replace(".json", ""));
  }
}
