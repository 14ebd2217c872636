package dev.postbus.mail;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.postbus.events.DurableFile;
import dev.postbus.events.EventBus;
import dev.postbus.events.RelayActivity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Says on the bus which key mail is signed with, once for each key. What is to be said is written
 * down before, with the event's id: after a crash it is said under the same id.
 */
final class DkimAnnouncement {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private final Path file;
  private final EventBus bus;

  DkimAnnouncement(Path file, EventBus bus) {
    this.file = file;
    this.bus = bus;
  }

  /**
   * What was said last, or was about to be.
   *
   * @param said whether the bus was given it
   */
  record Entry(String domain, String fingerprint, String eventId, Instant time, boolean said) {
    boolean isAbout(DkimKey key) {
      return domain.equals(key.domain()) && fingerprint.equals(key.fingerprint());
    }
  }

  void announce(DkimKey key) {
    var entry =
        read()
            .filter(last -> last.isAbout(key))
            .orElseGet(
                () ->
                    new Entry(key.domain(), key.fingerprint(), EventBus.newId(), bus.now(), false));
    if (entry.said()) {
      return;
    }
    write(entry);
    bus.publish(
        new RelayActivity.DkimKeyChanged(
            bus.service(), key.domain(), DkimKey.SELECTOR, key.value(), key.fingerprint()),
        null,
        entry.eventId(),
        entry.time());
    write(new Entry(entry.domain(), entry.fingerprint(), entry.eventId(), entry.time(), true));
  }

  private Optional<Entry> read() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(file.toFile(), Entry.class));
    } catch (IOException e) {
      throw new UncheckedIOException(
          file + " is damaged: remove it, and the key is announced once more", e);
    }
  }

  private void write(Entry entry) {
    try {
      DurableFile.write(file, JSON.writeValueAsBytes(entry));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
