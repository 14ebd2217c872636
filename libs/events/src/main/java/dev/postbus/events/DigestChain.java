package dev.postbus.events;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Checks the records of one topic, in their order, for gaps and alterations: each source's records
 * count from 1 and name the digest of the one before.
 */
public final class DigestChain {
  private final Map<String, Envelope<?>> heads = new HashMap<>();

  /**
   * Takes the next record of the topic.
   *
   * @return what is wrong with it, naming the record; empty if it follows
   */
  public Optional<String> next(Envelope<?> record) {
    var source = record.source().toString();
    var before = heads.put(source, record);
    var wantedSequence = before == null ? 1 : before.sequence() + 1;
    var wantedDigest = before == null ? null : before.digest();
    if (record.sequence() != wantedSequence) {
      return Optional.of(
          "record %s at offset %d of %s has sequence %d where %d should follow"
              .formatted(record.id(), record.offset(), source, record.sequence(), wantedSequence));
    }
    if (!java.util.Objects.equals(record.previousDigest(), wantedDigest)) {
      return Optional.of(
          "record %s at offset %d of %s does not fit to the record before it: one of them was altered"
              .formatted(record.id(), record.offset(), source));
    }
    return Optional.empty();
  }
}
