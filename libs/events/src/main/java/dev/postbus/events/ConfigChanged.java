package dev.postbus.events;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * There is a new version of the configuration.
 *
 * @param version counts from 1 without gaps
 * @param configuration every key with its value in canonical form, validated as a whole
 * @param changes what differs from the version before
 * @param iniDigest SHA-256 of the rendered {@code chatmail.ini}, lower-case hex
 * @param actor {@code startup}, {@code file}, or {@code api:<name>}
 */
public record ConfigChanged(
    long version,
    Map<String, String> configuration,
    List<KeyChange> changes,
    String iniDigest,
    String actor)
    implements RelayEvent {
  /** Copies the collections; keys keep their order. */
  public ConfigChanged {
    configuration = Collections.unmodifiableMap(new LinkedHashMap<>(configuration));
    changes = List.copyOf(changes);
  }
}
