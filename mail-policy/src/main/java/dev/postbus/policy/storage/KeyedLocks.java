package dev.postbus.policy.storage;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** Lets one session at a time work on what a key names; a fixed number of locks for any of them. */
public final class KeyedLocks {
  private final ReentrantLock[] locks =
      Stream.generate(ReentrantLock::new).limit(64).toArray(ReentrantLock[]::new);

  /** Work that reads or writes files. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does it. */
    T run() throws IOException;
  }

  /** Does the work while nobody else does any on the same key. */
  public <T> T with(String key, Work<T> work) throws IOException {
    var lock = locks[Math.floorMod(key.hashCode(), locks.length)];
    lock.lock();
    try {
      return work.run();
    } finally {
      lock.unlock();
    }
  }
}
