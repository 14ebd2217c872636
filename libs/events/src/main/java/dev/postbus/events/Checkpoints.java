package dev.postbus.events;

import dev.postbus.events.Checkpoint.ChainHead;
import dev.postbus.events.Heads.Head;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When a writer's next checkpoint is due, and what it says. Used by the sender's thread alone, but
 * for the key.
 */
final class Checkpoints {
  private static final Logger log = LoggerFactory.getLogger(Checkpoints.class);

  private final BusSettings settings;
  private final CheckpointInterval interval;
  private final Clock clock;
  private final Path file;
  private Last last;
  private @Nullable CheckpointKey key;

  /**
   * The last checkpoint.
   *
   * @param time when it was made; the epoch if there was none
   * @param sequences what it signed
   */
  record Last(Instant time, Map<Topic, Long> sequences) {
    static final Last NONE = new Last(Instant.EPOCH, Map.of());
  }

  Checkpoints(BusSettings settings, CheckpointInterval interval, Clock clock) {
    this.settings = settings;
    this.interval = interval;
    this.clock = clock;
    this.file = settings.outbox().resolve("checkpointed");
    this.last = load();
  }

  /**
   * Whether one is due.
   *
   * @param heads the last own record on each topic
   * @param idle whether there is time for one that is due by its age
   */
  boolean due(Map<Topic, Head> heads, boolean idle) {
    var fresh = 0L;
    for (var head : heads.entrySet()) {
      if (head.getKey() != Topic.CHECKPOINT) {
        var signed = last.sequences().getOrDefault(head.getKey(), 0L);
        fresh += Math.abs(head.getValue().sequence() - signed);
      }
    }
    // A snapshot lets others remove what it stands for: nothing may vouch for it later than now.
    var snapshot = heads.get(Topic.SNAPSHOT);
    if (snapshot != null
        && snapshot.sequence() != last.sequences().getOrDefault(Topic.SNAPSHOT, 0L)) {
      return true;
    }
    var old = !clock.instant().isBefore(last.time().plus(interval.age()));
    return fresh >= interval.records() || (fresh > 0 && old && idle);
  }

  /** The time of now, as precise as events carry it. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** The checkpoint over these heads is on the bus. */
  void made(Map<Topic, Head> heads) {
    last = new Last(clock.instant(), sequencesOf(heads));
    try {
      DurableFile.write(file, EventCodec.JSON.writeValueAsBytes(last));
    } catch (IOException e) {
      log.warn("cannot write {}: {}", file, e.getMessage());
    }
  }

  /**
   * The next checkpoint; none, until the next is due, if there is no key.
   *
   * @param heads the last own record on each topic, as the log has it
   */
  Optional<Checkpoint> sign(Map<Topic, Head> heads) {
    List<ChainHead> signed = new ArrayList<>();
    heads.forEach(
        (topic, head) ->
            signed.add(new ChainHead(topic.kafkaName(), head.sequence(), head.digest())));
    try {
      var own = key();
      var source = settings.source().toString();
      return Optional.of(
          new Checkpoint(
              settings.service(),
              signed,
              own.publicKey(),
              CheckpointSignature.sign(own.privateKey(), source, settings.domain(), signed)));
    } catch (IOException | GeneralSecurityException e) {
      log.warn(
          "no checkpoint can be signed, as the key in {} can neither be read nor made: {}",
          settings.outbox(),
          e.getMessage());
      // Not again with each record.
      last = new Last(clock.instant(), sequencesOf(heads));
      return Optional.empty();
    }
  }

  private static Map<Topic, Long> sequencesOf(Map<Topic, Head> heads) {
    var sequences = new EnumMap<Topic, Long>(Topic.class);
    heads.forEach((topic, head) -> sequences.put(topic, head.sequence()));
    return sequences;
  }

  /** The key, also for whatever else this writer signs. */
  synchronized CheckpointKey key() throws IOException, GeneralSecurityException {
    var known = key;
    if (known == null) {
      known = CheckpointKey.in(settings.outbox(), !last.sequences().isEmpty());
      key = known;
    }
    return known;
  }

  private Last load() {
    if (Files.exists(file)) {
      try {
        return EventCodec.JSON.readValue(file.toFile(), Last.class);
      } catch (IOException e) {
        log.warn("{} is not readable; the next checkpoint is made at once", file);
      }
    }
    return Last.NONE;
  }
}
