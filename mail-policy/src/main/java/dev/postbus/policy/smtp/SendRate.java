package dev.postbus.policy.smtp;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The generic cell rate algorithm (ITU-T I.371), a leaky bucket as a meter: one number a sender.
 * Senders whose bucket is empty again are forgotten.
 */
final class SendRate {
  private static final int MOST_SENDERS = 100_000;

  private final LongSupplier nanoClock;
  // In the order of last use, so that the oldest are looked at first when there are too many.
  private final Map<String, Long> emptyAt = new LinkedHashMap<>(64, 0.75f, true);

  SendRate(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** Whether a sender may send one more now; if so, it counts. */
  synchronized boolean allows(String sender, int perMinute, int burst) {
    var now = nanoClock.getAsLong();
    var interval = Duration.ofMinutes(1).toNanos() / perMinute;
    var empty = Math.max(emptyAt.getOrDefault(sender, now), now);
    if (empty - now > interval * (burst - 1)) {
      return false;
    }
    emptyAt.put(sender, empty + interval);
    if (emptyAt.size() > MOST_SENDERS) {
      emptyAt.remove(emptyAt.keySet().iterator().next());
    }
    return true;
  }
}
