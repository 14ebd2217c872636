package dev.postbus.policy.smtp;

import dev.postbus.policy.net.Deadlines;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Hands messages to Postfix's reinject port and brings its reply back. A connection is kept for a
 * moment for the next message. If a kept one turns out to be gone, a new one is tried, but never
 * once the end of the message may have been heard: then only the sender may try again.
 */
final class NextHop implements Delivery {
  private static final Logger log = Logger.getLogger(NextHop.class.getName());
  private static final int MOST_IDLE = 16;
  // Postfix's usual limit of processes for a service; more would wait there, with their buffers
  // here.
  private static final int MOST_AT_ONCE = 100;
  private static final SmtpReply AWAY =
      new SmtpReply(451, "4.3.0 the next mail server is away, try again later");

  private final int port;
  private final SessionLimits limits;
  private final Deadlines deadlines;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);
  private final LinkedBlockingDeque<Idle> idle = new LinkedBlockingDeque<>(MOST_IDLE);

  private record Idle(HopConnection connection, Deadlines.Deadline end) {}

  NextHop(int port, SessionLimits limits, Deadlines deadlines) {
    this.port = port;
    this.limits = limits;
    this.deadlines = deadlines;
  }

  @Override
  public SmtpReply deliver(Envelope envelope, Spool message) {
    var until = System.nanoTime() + limits.delivery().toNanos();
    try {
      if (!places.tryAcquire(limits.delivery().toNanos(), TimeUnit.NANOSECONDS)) {
        log.warning("the next mail server on port " + port + " has kept too many waiting");
        return AWAY;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return AWAY;
    }
    try {
      return deliver(until, envelope, message);
    } finally {
      places.release();
    }
  }

  private SmtpReply deliver(long until, Envelope envelope, Spool message) {
    try {
      var kept = kept();
      if (kept != null) {
        try {
          return sendOver(kept, false, until, envelope, message);
        } catch (IOException e) {
          if (kept.ended()) {
            throw e;
          }
          log.log(Level.FINE, "a kept connection is gone: {0}", e.getMessage());
        }
      }
      return sendOver(HopConnection.to(port), true, until, envelope, message);
    } catch (IOException e) {
      log.log(
          Level.WARNING,
          "the next mail server on port {0,number,#} did not take a message: {1}",
          new Object[] {port, e.getMessage()});
      return AWAY;
    }
  }

  private SmtpReply sendOver(
      HopConnection connection, boolean fresh, long until, Envelope envelope, Spool message)
      throws IOException {
    // Closing it ends any read or write on it.
    var left = Duration.ofNanos(Math.max(0, until - System.nanoTime()));
    try (var end = deadlines.after(left, connection::close)) {
      if (fresh) {
        connection.greet();
      }
      var reply = connection.send(envelope, message);
      if (!end.takeBack() || !connection.reusable() || !keep(connection)) {
        leave(connection);
      }
      return reply;
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private @Nullable HopConnection kept() {
    for (var candidate = idle.pollFirst(); candidate != null; candidate = idle.pollFirst()) {
      if (candidate.end().takeBack()) {
        return candidate.connection();
      }
    }
    return null;
  }

  private boolean keep(HopConnection connection) {
    var end = deadlines.after(limits.idleHop(), () -> forget(connection));
    if (idle.offerFirst(new Idle(connection, end))) {
      return true;
    }
    end.takeBack();
    return false;
  }

  private void forget(HopConnection connection) {
    idle.removeIf(candidate -> candidate.connection() == connection);
    leave(connection);
  }

  private static void leave(HopConnection connection) {
    try (connection) {
      connection.quit();
    } catch (IOException e) {
      log.log(Level.FINE, "taking leave: {0}", e.getMessage());
    }
  }
}
