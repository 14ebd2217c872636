package dev.postbus.events;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stands for records that retention removes: what of each chain was the last of them, and what the
 * relay was like after them. Signed with the key of the writer's checkpoints; see {@code
 * docs/events/README.md} for what is signed.
 *
 * @param service the writer
 * @param keep what was to be kept, e.g. {@code 90d} or {@code 100000}
 * @param until when the newest of the removed records happened
 * @param removedTo the last removed record of each chain, those of earlier snapshots included
 * @param state what the relay was like according to all that was removed
 * @param findings how many places of the log were not as they were written, which an operator has
 *     accepted; null if none was
 * @param publicKey Ed25519 (RFC 8032) as SubjectPublicKeyInfo (RFC 8410), in base 64
 * @param signature 64 bytes in base 64
 */
public record Snapshot(
    String service,
    String keep,
    Instant until,
    List<RemovedTo> removedTo,
    RelayState state,
    @Nullable Long findings,
    String publicKey,
    String signature)
    implements RelayEvent {
  /** Copies the list. */
  public Snapshot {
    removedTo = List.copyOf(removedTo);
  }

  /**
   * The last removed record of a chain.
   *
   * @param topic its topic's name on the bus
   * @param source its writer
   * @param sequence its sequence there, which is also how many records of the chain were removed
   * @param digest its digest, lower-case hex
   */
  public record RemovedTo(String topic, String source, long sequence, String digest) {}

  /** How many records it stands for. */
  public long removed() {
    return removedTo.stream().mapToLong(RemovedTo::sequence).sum();
  }

  Snapshot signedBy(String key, String text) {
    return new Snapshot(service, keep, until, removedTo, state, findings, key, text);
  }
}
