package dev.postbus.config;

import com.fasterxml.jackson.core.JacksonException;
import dev.postbus.events.ConfigChanged;
import dev.postbus.events.DurableFile;
import dev.postbus.events.Envelope;
import dev.postbus.events.EventBus;
import dev.postbus.events.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions on disk and in the log, each completed from the other. The log decides: what was
 * published has been acted upon. Only before anything is sent can this be known for sure, see
 * {@link EventBus#open}.
 */
final class LogHistory {
  private static final Logger log = LoggerFactory.getLogger(LogHistory.class);

  private final VersionFiles files;
  private final Path markFile;
  private final EventBus bus;

  /**
   * A history.
   *
   * @param markFile remembers up to where both were seen to agree, so that this takes no longer the
   *     longer a log is
   */
  LogHistory(VersionFiles files, Path markFile, EventBus bus) {
    this.files = files;
    this.markFile = markFile;
    this.bus = bus;
  }

  /** A version's place in the log, up to which both agreed. */
  private record Mark(long offset, String eventId, long number) {
    static final Mark START = new Mark(0, "", 0);
  }

  /**
   * What the log holds from some version on; of twins the first, as consumers take that.
   *
   * @param after versions up to this one were not looked for; it may have them, or retention has
   *     removed them
   */
  record Content(long after, NavigableMap<Long, Envelope<ConfigChanged>> versions) {}

  /**
   * What completing changed.
   *
   * @param filesChanged whether there are other versions on disk than before
   * @param displaced versions that had to give way, as the log has others of their numbers
   */
  record Outcome(boolean filesChanged, List<Version> displaced) {}

  /** Reads the log from where both agreed last. */
  Content read() {
    var mark = mark();
    if (mark.number() > 0) {
      var content = readFrom(mark.offset(), mark.number() - 1);
      var first = content.versions().get(mark.number());
      if (first != null && first.id().equals(mark.eventId())) {
        return content;
      }
    }
    return readFrom(0, 0);
  }

  private Content readFrom(long offset, long after) {
    var versions = new TreeMap<Long, Envelope<ConfigChanged>>();
    var firstSequence = new long[1];
    bus.readOwn(
        Topic.CONFIG_CHANGED,
        offset,
        envelope -> {
          if (firstSequence[0] == 0) {
            firstSequence[0] = envelope.sequence();
          }
          if (envelope.event() instanceof ConfigChanged event && event.version() > after) {
            versions.putIfAbsent(event.version(), envelope.withEvent(event));
          }
        });
    if (firstSequence[0] > 1 && !versions.isEmpty()) {
      // Something was before it, and is not there any more.
      return new Content(Math.max(after, versions.firstKey() - 1), versions);
    }
    return new Content(after, versions);
  }

  /** Completes both; to be called before anything is sent. */
  Outcome complete(Content content) {
    var displaced = new ArrayList<Version>();
    var changed = false;
    for (var one : content.versions().entrySet()) {
      var known = files.read(one.getKey());
      if (known.isEmpty() || !known.get().eventId().equals(one.getValue().id())) {
        known.ifPresent(version -> displace(version, displaced));
        files.write(Version.of(one.getValue(), files.read(one.getKey() - 1)));
        changed = true;
      }
    }
    if (changed) {
      log.warn(
          "versions on disk were completed from the log, up to {}", content.versions().lastKey());
    }
    var unpublished =
        files.numbers().stream()
            .filter(number -> number > content.after() && !content.versions().containsKey(number))
            .flatMap(number -> files.read(number).stream())
            .toList();
    if (displaced.isEmpty()) {
      fillLog(unpublished);
    } else {
      // They were made upon a version that is none.
      unpublished.forEach(version -> displace(version, displaced));
    }
    remember(content);
    return new Outcome(changed, displaced);
  }

  private void displace(Version version, List<Version> displaced) {
    log.error(
        "version {} of {} gives way: the log has another one of this number",
        version.number(),
        version.actor());
    bus.withdraw(version.eventId());
    files.setAside(version);
    displaced.add(version);
  }

  private void fillLog(List<Version> unpublished) {
    if (unpublished.size() > 1) {
      log.warn(
          "versions {} to {} are not in the log and are published again",
          unpublished.getFirst().number(),
          unpublished.getLast().number());
    }
    // All of them, so that they come in their order even if the last one waits already.
    unpublished.forEach(
        version ->
            bus.republish(version.event(), version.eventId(), version.time(), version.trace()));
  }

  private Mark mark() {
    if (!Files.exists(markFile)) {
      return Mark.START;
    }
    try {
      var mark = VersionFiles.JSON.readValue(markFile.toFile(), Mark.class);
      var there = files.numbers().stream().filter(number -> number <= mark.number()).count();
      return there == mark.number() ? mark : Mark.START;
    } catch (JacksonException unreadable) {
      return Mark.START;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + markFile, e);
    }
  }

  private void remember(Content content) {
    var last = Optional.ofNullable(content.versions().lastEntry());
    if (last.isEmpty()) {
      return;
    }
    var envelope = last.get().getValue();
    try {
      DurableFile.write(
          markFile,
          VersionFiles.JSON.writeValueAsBytes(
              new Mark(envelope.offset(), envelope.id(), last.get().getKey())));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + markFile, e);
    }
  }
}
