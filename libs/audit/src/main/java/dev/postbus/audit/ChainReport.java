package dev.postbus.audit;

import org.jspecify.annotations.Nullable;

/**
 * A chain as it was found.
 *
 * @param topic its topic's name on the bus
 * @param source its writer
 * @param records how many there are
 * @param first sequence of the first; 0 if retention has removed all of them
 * @param last sequence of the last, removed or not
 * @param digest digest of the last
 * @param signedTo the highest sequence that a checkpoint vouches for, 0 if none does
 * @param publicKey the key of the last checkpoint, null if there is none
 */
public record ChainReport(
    String topic,
    String source,
    long records,
    long first,
    long last,
    String digest,
    long signedTo,
    @Nullable String publicKey) {}
