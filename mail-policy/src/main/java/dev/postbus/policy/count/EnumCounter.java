package dev.postbus.policy.count;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;

/**
 * Counts by the constants of an enum, so that there are never more series than these. Counting
 * waits for nobody.
 *
 * @param <E> what is told apart
 */
public final class EnumCounter<E extends Enum<E>> {
  private final Map<E, LongAdder> counts;

  /** A counter of zeros. */
  public EnumCounter(Class<E> kind) {
    counts = new EnumMap<>(kind);
    for (var constant : kind.getEnumConstants()) {
      counts.put(constant, new LongAdder());
    }
  }

  /** Counts one. */
  public void count(E what) {
    add(what, 1);
  }

  /** Counts several. */
  public void add(E what, long more) {
    adder(what).add(more);
  }

  /** How many so far. */
  public long of(E what) {
    return adder(what).sum();
  }

  /** Names every constant, in lower case, with its count. */
  public void forEach(ObjLongConsumer<String> consumer) {
    counts.forEach(
        (constant, count) ->
            consumer.accept(constant.name().toLowerCase(Locale.ROOT), count.sum()));
  }

  private LongAdder adder(E what) {
    return Objects.requireNonNull(counts.get(what));
  }
}
