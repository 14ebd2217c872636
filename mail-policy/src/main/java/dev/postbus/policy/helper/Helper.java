package dev.postbus.policy.helper;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One helper: the connections to it, whether it is of use, and how much it has done. */
final class Helper implements AutoCloseable {
  private static final Logger log = Logger.getLogger(Helper.class.getName());
  private static final int MOST_IDLE = 16;
  // Less than any of those wait who want the work done: Postfix 100 s, Dovecot 30 s.
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration PING_PATIENCE = Duration.ofSeconds(1);

  private final InetSocketAddress address;
  private final LinkedBlockingDeque<HelperConnection> idle = new LinkedBlockingDeque<>(MOST_IDLE);
  private final AtomicInteger running = new AtomicInteger();
  private final LongAdder done = new LongAdder();
  private volatile boolean serves;

  Helper(InetSocketAddress address) {
    this.address = address;
  }

  /** One request over a connection. */
  @FunctionalInterface
  interface Request<T> {
    T over(HelperConnection connection) throws IOException, HelperConnection.NotDone;
  }

  /** Whether it answered when it was last asked anything. */
  boolean serves() {
    return serves;
  }

  /** Requests that it works on now. */
  int running() {
    return running.get();
  }

  /** Requests that it has done for this process. */
  long done() {
    return done.sum();
  }

  InetSocketAddress address() {
    return address;
  }

  String host() {
    return address.getAddress().getHostAddress();
  }

  /**
   * Asks it. Requests may be done twice, so one over a connection of before that turns out to be
   * gone is made again over a fresh one.
   *
   * @throws IOException if it does not answer; until it does again, it is of no use
   */
  <T> T ask(Request<T> request) throws IOException, HelperConnection.NotDone {
    running.incrementAndGet();
    try {
      var answer = ask(request, PATIENCE);
      done.increment();
      return answer;
    } finally {
      running.decrementAndGet();
    }
  }

  /** Finds out whether it is of use. */
  void look() {
    try {
      ask(
          connection -> {
            connection.ping();
            return true;
          },
          PING_PATIENCE);
      if (!serves) {
        serves = true;
        log.log(Level.INFO, "a helper at {0} is there", host());
      }
    } catch (IOException | HelperConnection.NotDone e) {
      log.log(Level.FINE, "a helper does not answer: {0}", e.getMessage());
    }
  }

  @Override
  public void close() {
    serves = false;
    for (var one = idle.pollFirst(); one != null; one = idle.pollFirst()) {
      closeQuietly(one);
    }
  }

  private <T> T ask(Request<T> request, Duration patience)
      throws IOException, HelperConnection.NotDone {
    try {
      var kept = idle.pollFirst();
      if (kept != null) {
        try {
          return over(kept, request, patience);
        } catch (SocketTimeoutException hangs) {
          throw hangs;
        } catch (IOException gone) {
          log.log(Level.FINE, "a kept connection is gone: {0}", gone.getMessage());
        }
      }
      return over(HelperConnection.to(address), request, patience);
    } catch (IOException e) {
      if (serves) {
        log.log(
            Level.WARNING,
            "the helper at {0} does not answer: {1}",
            new Object[] {host(), e.getMessage()});
      }
      close();
      throw e;
    }
  }

  private <T> T over(HelperConnection connection, Request<T> request, Duration patience)
      throws IOException, HelperConnection.NotDone {
    try {
      connection.patience(patience);
      var answer = request.over(connection);
      if (!idle.offerFirst(connection)) {
        connection.close();
      }
      return answer;
    } catch (IOException | RuntimeException | HelperConnection.NotDone e) {
      closeQuietly(connection);
      throw e;
    }
  }

  private static void closeQuietly(HelperConnection connection) {
    try {
      connection.close();
    } catch (IOException e) {
      log.log(Level.FINE, "closing: {0}", e.getMessage());
    }
  }
}
