package dev.postbus.events;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last own record on each topic. The truth is the log; the file only tells where to begin
 * reading it, and what the last id was when a log was lost.
 */
final class Heads {
  private static final Logger log = LoggerFactory.getLogger(Heads.class);

  private final Path file;
  private final Map<Topic, Head> heads = new EnumMap<>(Topic.class);

  /** A record's place in its chain. */
  record Head(String id, long sequence, String digest, long offset) {}

  Heads(Path folder) {
    this.file = folder.resolve("heads");
    if (Files.exists(file)) {
      try {
        heads.putAll(
            EventCodec.JSON.readValue(file.toFile(), new TypeReference<HashMap<Topic, Head>>() {}));
      } catch (IOException e) {
        log.warn("{} is not readable; the log is read from its start instead", file);
      }
    }
  }

  synchronized @Nullable Head of(Topic topic) {
    return heads.get(topic);
  }

  /** Those with own records. */
  synchronized Set<Topic> topics() {
    return Set.copyOf(heads.keySet());
  }

  /** All of them, in the topics' order. */
  synchronized Map<Topic, Head> all() {
    return new EnumMap<>(heads);
  }

  synchronized void set(Topic topic, Head head) {
    heads.put(topic, head);
    try {
      DurableFile.write(file, EventCodec.JSON.writeValueAsBytes(heads));
    } catch (IOException e) {
      log.warn("cannot write {}: {}", file, e.getMessage());
    }
  }
}
