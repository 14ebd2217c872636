package dev.postbus.audit;

import org.jspecify.annotations.Nullable;

/**
 * A place at which the log is not as it was written.
 *
 * @param topic on which topic, by its name on the bus
 * @param offset at which record; null where one is missing at the end
 * @param source whose chain it is, null if the record does not tell
 * @param sequence the record's place there, null if the record does not tell
 * @param what what is wrong
 */
public record Finding(
    String topic,
    @Nullable Long offset,
    @Nullable String source,
    @Nullable Long sequence,
    String what) {
  @Override
  public String toString() {
    var where = new StringBuilder("topic ").append(topic);
    if (offset != null) {
      where.append(", offset ").append(offset);
    }
    if (source != null) {
      where.append(", ").append(source);
    }
    if (sequence != null) {
      where.append(", sequence ").append(sequence);
    }
    return where.append(": ").append(what).toString();
  }
}
