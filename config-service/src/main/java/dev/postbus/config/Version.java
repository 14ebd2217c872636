package dev.postbus.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.postbus.events.ConfigChanged;
import dev.postbus.events.Envelope;
import dev.postbus.events.EventBus;
import dev.postbus.events.KeyChange;
import dev.postbus.events.KeyOrigin;
import dev.postbus.events.KeyOrigin.HiddenValue;
import dev.postbus.events.TraceContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A version of the configuration as it is kept on disk; its event holds the same.
 *
 * @param number counts from 1
 * @param time when it was made
 * @param actor who made it
 * @param reason why, in the actor's words
 * @param values every key with value and layer
 * @param changes what differs from the version before
 * @param digest SHA-256 of the rendered ini, hex
 * @param eventId id of its event, decided here so that a crash cannot make two of it
 * @param trace to which its event belongs if it was asked for as part of a trace; null otherwise
 */
record Version(
    long number,
    Instant time,
    String actor,
    @Nullable String reason,
    Map<String, LayeredValue> values,
    List<KeyChange> changes,
    String digest,
    String eventId,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable TraceContext trace) {

  /** Who changes something, why, and as part of which trace. */
  record Author(String actor, @Nullable String reason, @Nullable TraceContext trace) {
    Author(String actor, @Nullable String reason) {
      this(actor, reason, null);
    }

    /** The same, as part of a trace. */
    Author in(@Nullable TraceContext named) {
      return new Author(actor, reason, named);
    }
  }

  /** Copies the collections; keys keep their order. */
  Version {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    changes = List.copyOf(changes);
  }

  /** The one after another, or the first. */
  static Version next(Optional<Version> before, Resolved resolved, Author author, Instant now) {
    return new Version(
        before.map(Version::number).orElse(0L) + 1,
        now,
        author.actor(),
        author.reason(),
        resolved.values(),
        changes(before.map(Version::values).orElse(Map.of()), resolved.values()),
        sha256(IniFile.render(resolved.plain())),
        EventBus.newId(),
        author.trace());
  }

  /**
   * The one that an event was made of.
   *
   * @param before tells the layers of keys if the event is of an older program
   */
  static Version of(Envelope<ConfigChanged> envelope, Optional<Version> before) {
    var event = envelope.event();
    var values = new LinkedHashMap<String, LayeredValue>();
    event
        .configuration()
        .forEach((key, value) -> values.put(key, layered(event, key, value, before)));
    return new Version(
        event.version(),
        envelope.time(),
        event.actor(),
        event.reason(),
        values,
        event.changes(),
        event.iniDigest(),
        envelope.id(),
        envelope.trace());
  }

  private static LayeredValue layered(
      ConfigChanged event, String key, String value, Optional<Version> before) {
    var origins = event.origins();
    var origin = origins == null ? null : origins.get(key);
    if (origin != null) {
      return new LayeredValue(
          value,
          Layer.named(origin.layer()),
          origin.hides().stream()
              .map(one -> new LayeredValue.Hidden(Layer.named(one.layer()), one.value()))
              .toList());
    }
    var layer =
        event.changes().stream()
            .filter(change -> change.key().equals(key))
            .findFirst()
            .map(change -> Layer.named(change.layer()))
            .or(() -> before.map(Version::values).map(old -> old.get(key)).map(LayeredValue::layer))
            .orElse(Layer.DEFAULT);
    return new LayeredValue(value, layer, List.of());
  }

  ConfigChanged event() {
    var origins = new LinkedHashMap<String, KeyOrigin>();
    values.forEach(
        (key, value) ->
            origins.put(
                key,
                new KeyOrigin(
                    value.layer().label(),
                    value.hides().stream()
                        .map(one -> new HiddenValue(one.layer().label(), one.value()))
                        .toList())));
    return new ConfigChanged(number, plain(), changes, digest, actor, reason, origins);
  }

  /** Whether it was made because a consumer rejected the one before. */
  boolean takesBack() {
    return actor.equals(ConfigKeeper.REJECTION);
  }

  /** The values alone. */
  Map<String, String> plain() {
    return new Resolved(values).plain();
  }

  /** Does to an operator's layer what this version did to that of the version before. */
  void redo(Map<String, String> operator) {
    for (var change : changes) {
      var value = change.newValue();
      if (value != null && change.layer().equals(Layer.OPERATOR.label())) {
        operator.put(change.key(), value);
      } else {
        operator.remove(change.key());
      }
    }
  }

  /** What differs: values, and layers in force. Keys that one of both does not know are null. */
  static List<KeyChange> changes(
      Map<String, LayeredValue> before, Map<String, LayeredValue> after) {
    var changes = new ArrayList<KeyChange>();
    after.forEach(
        (key, now) -> {
          var was = before.get(key);
          if (was == null || !was.value().equals(now.value()) || was.layer() != now.layer()) {
            var old = was == null ? null : was.value();
            changes.add(new KeyChange(key, old, now.value(), now.layer().label()));
          }
        });
    before.forEach(
        (key, was) -> {
          if (!after.containsKey(key)) {
            changes.add(new KeyChange(key, was.value(), null, was.layer().label()));
          }
        });
    return changes;
  }

  private static String sha256(String text) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
