package dev.postbus.events;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * There is a new version of the configuration.
 *
 * @param version counts from 1 without gaps
 * @param configuration every key with its value in canonical form, validated as a whole
 * @param changes what differs from the version before
 * @param iniDigest SHA-256 of the rendered {@code chatmail.ini}, lower-case hex
 * @param actor {@code startup}, {@code file}, {@code rejection}, or {@code api:<name>}
 * @param reason why, in the actor's words; null if none were given
 * @param origins where each key's value comes from, so that all that is kept of a version can be
 *     made again from its event; null in events of older programs
 */
public record ConfigChanged(
    long version,
    Map<String, String> configuration,
    List<KeyChange> changes,
    String iniDigest,
    String actor,
    @Nullable String reason,
    @Nullable Map<String, KeyOrigin> origins)
    implements RelayEvent {
  /** Copies the collections; keys keep their order. */
  public ConfigChanged {
    configuration = Collections.unmodifiableMap(new LinkedHashMap<>(configuration));
    changes = List.copyOf(changes);
    origins = origins == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(origins));
  }
}
