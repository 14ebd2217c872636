package dev.postbus.bench.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** When processes were killed: what goes wrong soon afterwards is not held against the relay. */
final class Kills {
  /** So long after a kill, something may be late or broken. */
  static final Duration WINDOW = Duration.ofSeconds(15);

  /** What was on its way at the kill was sent at most so long before: later it would be late. */
  static final Duration ON_ITS_WAY = Duration.ofSeconds(1);

  private final List<Kill> all = new ArrayList<>();

  private record Kill(String what, long at) {}

  /** Says that it happens now, by {@link System#nanoTime}. */
  synchronized void begin(String what, long at) {
    all.add(new Kill(what, at));
  }

  /** Whether a moment lies in the window of a kill. */
  synchronized boolean near(long at) {
    return all.stream()
        .anyMatch(
            kill -> at - kill.at() >= -ON_ITS_WAY.toNanos() && at - kill.at() <= WINDOW.toNanos());
  }

  /** The moments. */
  synchronized List<Long> moments() {
    return all.stream().map(Kill::at).toList();
  }

  /** The last one before a moment that has something to do with it, in words. */
  synchronized String before(long at) {
    for (var kill : all.reversed()) {
      var seconds = (at - kill.at()) / 1e9;
      if (seconds >= -ON_ITS_WAY.toSeconds()) {
        return String.format(Locale.ROOT, "%.1f s after %s", seconds, kill.what());
      }
    }
    return "before any kill";
  }
}
