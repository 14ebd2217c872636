package dev.postbus.audit;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What retention removes, or would.
 *
 * @param keep what is kept
 * @param records how many records of each topic go, by its name on the bus
 * @param kept how many of each stay
 * @param until when the newest of them happened, before which nothing can be replayed any more;
 *     null if none goes
 * @param heldBy why some stay although they are older
 * @param findings how many places of the log are not as they were written; while there is one,
 *     nothing is removed unless an operator accepts that
 */
public record Removal(
    String keep,
    SortedMap<String, Long> records,
    SortedMap<String, Long> kept,
    @Nullable Instant until,
    List<String> heldBy,
    long findings) {
  /** Copies the collections. */
  public Removal {
    records = Collections.unmodifiableSortedMap(new TreeMap<>(records));
    kept = Collections.unmodifiableSortedMap(new TreeMap<>(kept));
    heldBy = List.copyOf(heldBy);
  }

  /** How many records go. */
  public long count() {
    return records.values().stream().mapToLong(Long::longValue).sum();
  }
}
