package dev.postbus.policy.net;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Ends what takes too long: one thread looks at all deadlines at a fixed interval. Socket time-outs
 * bound one read only, and writes not at all, so a peer that takes or gives a byte at a time could
 * keep a connection for ever. Setting a deadline and taking it back wakes nobody.
 */
public final class Deadlines implements AutoCloseable {
  private static final Logger log = Logger.getLogger(Deadlines.class.getName());

  private final Set<Deadline> running = ConcurrentHashMap.newKeySet();
  private final Thread sweeper;

  /** What happens to something that took too long. */
  @FunctionalInterface
  public interface Expiry {
    /** Ends it, without waiting for anybody. */
    void end() throws IOException;
  }

  /**
   * Starts the thread.
   *
   * @param interval how often it looks, so how much later than asked for an end may come
   */
  public Deadlines(Duration interval) {
    sweeper = Thread.ofPlatform().name("deadlines").daemon().start(() -> sweep(interval));
  }

  /** Ends something after so long, unless the deadline is taken back by then. */
  public Deadline after(Duration limit, Expiry expiry) {
    var deadline = new Deadline(System.nanoTime() + limit.toNanos(), expiry);
    running.add(deadline);
    return deadline;
  }

  @Override
  public void close() {
    sweeper.interrupt();
  }

  private void sweep(Duration interval) {
    try {
      while (true) {
        Thread.sleep(interval);
        var now = System.nanoTime();
        for (var deadline : running) {
          if (now - deadline.at >= 0) {
            deadline.pass();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One deadline; closing it takes it back. */
  public final class Deadline implements AutoCloseable {
    private final long at;
    private final Expiry expiry;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile boolean passed;

    private Deadline(long at, Expiry expiry) {
      this.at = at;
      this.expiry = expiry;
    }

    /** Whether it came to the end. */
    public boolean passed() {
      return passed;
    }

    /**
     * Takes it back.
     *
     * @return whether this was in time; otherwise the end has come or is coming
     */
    public boolean takeBack() {
      running.remove(this);
      return over.compareAndSet(false, true);
    }

    @Override
    public void close() {
      takeBack();
    }

    private void pass() {
      if (takeBack()) {
        passed = true;
        try {
          expiry.end();
        } catch (IOException e) {
          log.log(Level.FINE, "ending what took too long: {0}", e.getMessage());
        } catch (RuntimeException e) {
          log.log(Level.SEVERE, "ending what took too long", e);
        }
      }
    }
  }
}
