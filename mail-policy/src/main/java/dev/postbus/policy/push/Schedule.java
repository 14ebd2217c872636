package dev.postbus.policy.push;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which device is to be woken up when. After the n-th failure in a row it is tried again after 8^n
 * seconds, until that would be more than five hours after the mail.
 */
final class Schedule {
  static final Duration GIVE_UP = Duration.ofHours(5);

  /** More would wait for a server that has been away for long; each takes some 200 bytes. */
  static final int MOST = 10_000;

  private static final long BASE_SECONDS = 8;

  private final Clock clock;
  private final Map<String, Entry> entries = new HashMap<>();
  private final TreeSet<Entry> waiting =
      new TreeSet<>(Comparator.comparing((Entry e) -> e.due).thenComparing(e -> e.id));
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** A device; its place among those that wait depends on {@code due}. */
  private static final class Entry {
    private final String id;
    private Instant since;
    private Instant due;
    private int failures;
    private boolean underWay;
    private boolean again;

    Entry(String id, Instant since, Instant due) {
      this.id = id;
      this.since = since;
      this.due = due;
    }
  }

  Schedule(Clock clock) {
    this.clock = clock;
  }

  /** What became of a wish to wake up a device. */
  enum Added {
    /** It waits now, or waits for later mail than before: this has to be kept. */
    KEEP,
    /** It waits already and is the next to be tried. */
    KNOWN,
    /** There are too many. */
    FULL
  }

  /** Whether mail came so long ago, or seems to come from the future, that nobody waits for it. */
  boolean tooOld(Instant since) {
    var age = Duration.between(since, clock.instant());
    return age.compareTo(GIVE_UP) > 0 || age.compareTo(GIVE_UP.negated()) < 0;
  }

  /** Mail has come for a device: it is to be woken up, once, however much mail comes. */
  Added add(String id, Instant since) {
    lock.lock();
    try {
      var entry = entries.get(id);
      if (entry == null) {
        return entries.size() < MOST ? addNew(id, since) : Added.FULL;
      }
      if (entry.underWay) {
        // The device may have looked before this mail was there.
        entry.again = true;
        entry.since = since;
        return Added.KEEP;
      }
      return entry.failures == 0 ? Added.KNOWN : renew(entry, since);
    } finally {
      lock.unlock();
    }
  }

  private Added addNew(String id, Instant since) {
    var entry = new Entry(id, since, clock.instant());
    entries.put(id, entry);
    await(entry);
    return Added.KEEP;
  }

  /** New mail must not wait for the end of a long delay, but a server in need has its rest. */
  private Added renew(Entry entry, Instant since) {
    waiting.remove(entry);
    var soon = clock.instant().plusSeconds(BASE_SECONDS);
    entry.since = since;
    entry.failures = 1;
    entry.due = entry.due.isBefore(soon) ? entry.due : soon;
    await(entry);
    return Added.KEEP;
  }

  private void await(Entry entry) {
    waiting.add(entry);
    changed.signalAll();
  }

  /** Waits for a device whose time has come; it is under way then. */
  String take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        if (waiting.isEmpty()) {
          changed.await();
          continue;
        }
        var first = waiting.first();
        var left = Duration.between(clock.instant(), first.due);
        if (!left.isPositive()) {
          waiting.remove(first);
          first.underWay = true;
          return first.id;
        }
        changed.await(left.toNanos(), TimeUnit.NANOSECONDS);
      }
    } finally {
      lock.unlock();
    }
  }

  /** A device under way has been woken up; whether that was all. */
  boolean succeeded(String id) {
    lock.lock();
    try {
      var entry = entries.get(id);
      if (entry == null || !entry.again) {
        entries.remove(id);
        return true;
      }
      entry.failures = 0;
      waitAgain(entry, clock.instant());
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** A device under way could not be woken up; whether it is given up. */
  boolean failed(String id) {
    lock.lock();
    try {
      var entry = entries.get(id);
      if (entry == null) {
        return true;
      }
      entry.failures++;
      var due = clock.instant().plusSeconds((long) Math.pow(BASE_SECONDS, entry.failures));
      if (due.isAfter(entry.since.plus(GIVE_UP))) {
        entries.remove(id);
        return true;
      }
      waitAgain(entry, due);
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void waitAgain(Entry entry, Instant due) {
    entry.underWay = false;
    entry.again = false;
    entry.due = due;
    await(entry);
  }

  /** A device under way is not to be woken up any more. */
  void forget(String id) {
    lock.lock();
    try {
      entries.remove(id);
    } finally {
      lock.unlock();
    }
  }

  /** Devices that wait or are under way. */
  int size() {
    lock.lock();
    try {
      return entries.size();
    } finally {
      lock.unlock();
    }
  }

  /** When the next of those that wait is due. */
  Optional<Instant> nextDue() {
    lock.lock();
    try {
      return waiting.isEmpty() ? Optional.empty() : Optional.of(waiting.first().due);
    } finally {
      lock.unlock();
    }
  }

  /** Devices that wait because of a failure. */
  int failing() {
    lock.lock();
    try {
      return (int) waiting.stream().filter(entry -> entry.failures > 0).count();
    } finally {
      lock.unlock();
    }
  }

  /** Looks at the clock again, which may have jumped. */
  void lookAtClock() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
