package dev.postbus.bench.soak;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What became of each message: none that the relay has taken may be lost. */
final class Ledger {
  /** The time of a message that nobody waited for. */
  static final long NOT_AWAITED = Long.MIN_VALUE;

  private final Map<Integer, Long> underWay = new HashMap<>();
  private final Map<Integer, Long> early = new HashMap<>();
  private final BitSet arrived = new BitSet();
  private final List<Delivery> deliveries = new ArrayList<>();
  private int recent;
  private int last;
  private int accepted;
  private int duplicates;

  /**
   * A message of which a client in IDLE was told.
   *
   * @param began when DATA was sent, by {@link System#nanoTime}
   * @param millis from then to EXISTS
   */
  record Delivery(long began, double millis) {}

  /** The number of a new message. */
  synchronized int next() {
    return ++last;
  }

  /** The relay has taken a message, whose DATA was sent at that time. */
  synchronized void accepted(int id, long began) {
    accepted++;
    var told = early.remove(id);
    if (told != null) {
      settle(began, told);
    } else {
      underWay.put(id, began);
    }
  }

  /**
   * A message is at its recipient.
   *
   * @param told when a client in IDLE heard of it, or {@link #NOT_AWAITED}
   */
  synchronized void arrived(int id, long told) {
    if (arrived.get(id)) {
      duplicates++;
      return;
    }
    arrived.set(id);
    var began = underWay.remove(id);
    if (began != null) {
      settle(began, told);
    } else {
      early.put(id, told);
    }
  }

  private void settle(long began, long told) {
    if (told != NOT_AWAITED) {
      deliveries.add(new Delivery(began, (told - began) / 1e6));
    }
  }

  /** Messages that the relay has taken. */
  synchronized int accepted() {
    return accepted;
  }

  /** When DATA of those was sent that were taken and are not there, by {@link System#nanoTime}. */
  synchronized List<Long> missing() {
    return underWay.values().stream().sorted().toList();
  }

  /** Messages that came twice. */
  synchronized int duplicates() {
    return duplicates;
  }

  /** Messages that came though their sender was not told that they were taken. */
  synchronized int unconfirmed() {
    return early.size();
  }

  /** All that clients in IDLE were told of. */
  synchronized List<Delivery> deliveries() {
    return List.copyOf(deliveries);
  }

  /** Those since the last call. */
  synchronized List<Delivery> recent() {
    var from = recent;
    recent = deliveries.size();
    return List.copyOf(deliveries.subList(from, recent));
  }
}
