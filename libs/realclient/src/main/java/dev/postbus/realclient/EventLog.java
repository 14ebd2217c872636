package dev.postbus.realclient;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** All that a core told, in the order in which it was heard. */
public final class EventLog {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final List<CoreEvent> events = new ArrayList<>();

  void add(CoreEvent event) {
    lock.lock();
    try {
      events.add(event);
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A place behind all that was told so far. */
  public int mark() {
    lock.lock();
    try {
      return events.size();
    } finally {
      lock.unlock();
    }
  }

  /** What was told since. */
  public List<CoreEvent> since(int mark) {
    lock.lock();
    try {
      return List.copyOf(events.subList(mark, events.size()));
    } finally {
      lock.unlock();
    }
  }

  /**
   * The first event behind a mark that is wanted, waiting for it if need be.
   *
   * @param mark as {@link #mark()} gave it
   * @param what it is, for the message if it does not come
   */
  public CoreEvent await(int mark, String what, Duration longest, Predicate<CoreEvent> wanted)
      throws IOException, InterruptedException {
    var left = longest.toNanos();
    lock.lock();
    try {
      for (int next = mark; ; next++) {
        while (next >= events.size()) {
          if (left <= 0) {
            throw new IOException("no %s within %d s".formatted(what, longest.toSeconds()));
          }
          left = news.awaitNanos(left);
        }
        if (wanted.test(events.get(next))) {
          return events.get(next);
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
