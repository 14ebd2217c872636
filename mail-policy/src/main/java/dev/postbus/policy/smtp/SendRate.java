package dev.postbus.policy.smtp;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The generic cell rate algorithm (ITU-T I.371), a leaky bucket as a meter: one number a sender.
 * Senders whose bucket is empty again are forgotten, and those that sent longest ago if there are
 * too many.
 */
final class SendRate {
  // A bucket is empty after a minute at most with the usual limits: so many senders in a minute.
  private static final int MOST_SENDERS = 20_000;

  private final LongSupplier nanoClock;
  // In the order of last use, so that those whose bucket may be empty come first.
  private final Map<String, Long> emptyAt = new LinkedHashMap<>(64, 0.75f, true);

  SendRate(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** Whether a sender may send one more now; if so, it counts. Letter case makes no difference. */
  synchronized boolean allows(String sender, int perMinute, int burst) {
    var now = nanoClock.getAsLong();
    var interval = Duration.ofMinutes(1).toNanos() / perMinute;
    var key = sender.toLowerCase(Locale.ROOT);
    var full = emptyAt.get(key);
    var empty = full == null || full - now < 0 ? now : full;
    if (empty - now > interval * (burst - 1)) {
      return false;
    }
    emptyAt.put(key, empty + interval);
    forget(now);
    return true;
  }

  /** How many senders are remembered. */
  synchronized int senders() {
    return emptyAt.size();
  }

  /** Two at most each time, so that the work of a message is bounded and senders still go. */
  private void forget(long now) {
    var oldest = emptyAt.entrySet().iterator();
    for (int i = 0; i < 2 && oldest.hasNext(); i++) {
      if (oldest.next().getValue() - now > 0 && emptyAt.size() <= MOST_SENDERS) {
        return;
      }
      oldest.remove();
    }
  }
}
