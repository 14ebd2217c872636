package dev.postbus.cert;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.postbus.events.CertMode;
import dev.postbus.events.CertReason;
import dev.postbus.events.DurableFile;
import dev.postbus.events.TraceContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which generation is the relay's, decided before anything else is done about it: after a crash,
 * what is missing (the link, the event) is made good from here, under the same event id.
 */
final class Ledger {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private final Path file;

  Ledger(Path file) {
    this.file = file;
  }

  /**
   * A decision.
   *
   * @param causationId what the event answers, null if nobody asked
   * @param trace to which its event belongs if it was asked for as part of a trace; null otherwise
   */
  record Entry(
      long generation,
      String fingerprint,
      CertMode mode,
      CertReason reason,
      String eventId,
      Instant time,
      @Nullable String causationId,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable TraceContext trace) {}

  Optional<Entry> read() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(file.toFile(), Entry.class));
    } catch (IOException e) {
      throw new UncheckedIOException(
          file + " is damaged: restore it, or remove it to begin anew", e);
    }
  }

  void write(Entry entry) {
    try {
      DurableFile.write(file, JSON.writeValueAsBytes(entry));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
