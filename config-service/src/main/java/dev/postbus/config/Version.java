package dev.postbus.config;

import dev.postbus.events.ConfigChanged;
import dev.postbus.events.KeyChange;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A version of the configuration as it is kept on disk.
 *
 * @param number counts from 1
 * @param time when it was made
 * @param actor who made it
 * @param values every key with value and layer
 * @param changes what differs from the version before
 * @param digest SHA-256 of the rendered ini, hex
 * @param eventId id of its event, decided here so that a crash cannot make two of it
 */
record Version(
    long number,
    Instant time,
    String actor,
    Map<String, Resolved.LayeredValue> values,
    List<KeyChange> changes,
    String digest,
    String eventId) {
  ConfigChanged event() {
    return new ConfigChanged(number, new Resolved(values).plain(), changes, digest, actor);
  }
}
