package dev.postbus.events;

import java.util.List;

/**
 * A writer vouches for what it has written so far, with a key of its own; see {@code
 * docs/events/README.md} for what is signed.
 *
 * @param service the writer
 * @param heads its last record on each topic; on {@code checkpoint} the one before this
 * @param publicKey Ed25519 (RFC 8032) as SubjectPublicKeyInfo (RFC 8410), in base 64
 * @param signature 64 bytes in base 64
 */
public record Checkpoint(String service, List<ChainHead> heads, String publicKey, String signature)
    implements RelayEvent {
  /** Copies the heads. */
  public Checkpoint {
    heads = List.copyOf(heads);
  }

  /**
   * The last record of a chain.
   *
   * @param topic its topic's name on the bus
   * @param sequence its sequence there, from 1
   * @param digest its digest, lower-case hex
   */
  public record ChainHead(String topic, long sequence, String digest) {}
}
