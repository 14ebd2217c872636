package dev.postbus.audit;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Which digest a record must have according to somebody who saw it. One is kept for each
 * checkpoint, until the record has passed.
 */
final class SignedHeads {
  private final Map<Chain, TreeMap<Long, Expected>> open = new HashMap<>();
  private final Map<Chain, Long> signedTo = new HashMap<>();

  /** A digest, and who says so. */
  record Expected(String digest, String by) {}

  void expect(Chain chain, long sequence, String digest, String by) {
    open.computeIfAbsent(chain, c -> new TreeMap<>()).put(sequence, new Expected(digest, by));
    signedTo.merge(chain, sequence, Math::max);
  }

  /**
   * The same from somebody else than the chain's writer.
   *
   * @return what was expected there before, which counts; null if nothing was
   */
  @Nullable Expected alsoExpect(Chain chain, long sequence, String digest, String by) {
    return open.computeIfAbsent(chain, c -> new TreeMap<>())
        .putIfAbsent(sequence, new Expected(digest, by));
  }

  /** Expects no more what stands up to a place; what was expected at that place. */
  @Nullable Expected settle(Chain chain, long sequence) {
    var expected = open.get(chain);
    if (expected == null) {
      return null;
    }
    var there = expected.get(sequence);
    expected.headMap(sequence, true).clear();
    return there;
  }

  /** What was expected of a record that has come. */
  @Nullable Expected take(Chain chain, long sequence) {
    var expected = open.get(chain);
    return expected == null ? null : expected.remove(sequence);
  }

  /** The highest sequence that somebody vouches for, 0 if nobody does. */
  long signedTo(Chain chain) {
    return signedTo.getOrDefault(chain, 0L);
  }

  /** For each chain the last record that was expected and did not come. */
  void missing(BiConsumer<Chain, Map.Entry<Long, Expected>> taker) {
    open.keySet().stream()
        .sorted()
        .forEach(
            chain -> {
              var last = open.getOrDefault(chain, new TreeMap<>()).lastEntry();
              if (last != null) {
                taker.accept(chain, last);
              }
            });
  }
}
