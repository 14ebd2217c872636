package dev.postbus.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What a {@link Snapshot} signs, and whether it did. */
public final class SnapshotSignature {
  private static final String PURPOSE = "postbus snapshot v1";
  private static final String SIGNATURE = "signature";

  private SnapshotSignature() {}

  /**
   * Whether a snapshot's signature is that of its key over all that its record says, known here or
   * not.
   */
  public static boolean isValid(RawRecord raw, RecordHead head, Snapshot snapshot) {
    try {
      return CheckpointSignature.isValid(
          snapshot.publicKey(),
          signed(head.source(), head.subject(), EventCodec.JSON.readTree(raw.data())),
          snapshot.signature());
    } catch (IOException noJson) {
      return false;
    }
  }

  /** The snapshot in a record; empty if it is none, or none that its key has signed. */
  public static Optional<Snapshot> read(RawRecord raw) {
    try {
      var head = raw.head();
      return raw.event(head).orElse(null) instanceof Snapshot snapshot
              && isValid(raw, head, snapshot)
          ? Optional.of(snapshot)
          : Optional.empty();
    } catch (UnreadableRecord none) {
      return Optional.empty();
    }
  }

  static Snapshot sign(CheckpointKey key, String source, String subject, Snapshot unsigned)
      throws GeneralSecurityException {
    var withKey = unsigned.signedBy(key.publicKey(), "");
    var signed = signed(source, subject, EventCodec.JSON.valueToTree(withKey));
    return withKey.signedBy(key.publicKey(), CheckpointSignature.sign(key.privateKey(), signed));
  }

  private static byte[] signed(String source, String subject, JsonNode data) {
    return CheckpointSignature.bytesOf(List.of(PURPOSE, source, subject, canonical(data)));
  }

  private static String canonical(JsonNode data) {
    var all = sorted(data);
    if (all instanceof ObjectNode object) {
      object.remove(SIGNATURE);
    }
    try {
      return EventCodec.JSON.writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot write a snapshot as JSON", e);
    }
  }

  /** With the members of each object by their names. */
  private static JsonNode sorted(JsonNode node) {
    if (node.isArray()) {
      var array = EventCodec.JSON.createArrayNode();
      node.forEach(element -> array.add(sorted(element)));
      return array;
    }
    if (!node.isObject()) {
      return node;
    }
    var members = new TreeMap<String, JsonNode>();
    node.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
    var object = EventCodec.JSON.createObjectNode();
    members.forEach((name, value) -> object.set(name, sorted(value)));
    return object;
  }
}
