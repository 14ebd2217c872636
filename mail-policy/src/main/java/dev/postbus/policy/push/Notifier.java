package dev.postbus.policy.push;

import dev.postbus.policy.count.EnumCounter;
import dev.postbus.policy.settings.PolicySettings;
import dev.postbus.policy.storage.KeyedLocks;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Wakes up devices through the notification server: at once if it can, later if it must, after a
 * restart too. Of a device that waits already nothing more is queued.
 */
public final class Notifier implements AutoCloseable {
  private static final Logger log = Logger.getLogger(Notifier.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Each may have a TLS connection of its own, which takes memory. */
  static final int MOST_UNDER_WAY = 8;

  private final Supplier<PolicySettings.Notifications> settings;
  private final GoneTokens gone;
  private final Clock clock;
  private final EnumCounter<PushOutcome> outcomes;
  private final QueueFolder folder;
  private final NotificationServer server;
  private final Schedule schedule;
  private final KeyedLocks locks = new KeyedLocks();
  private final Semaphore places = new Semaphore(MOST_UNDER_WAY);
  private final AtomicBoolean full = new AtomicBoolean();
  private final Thread dispatcher;

  /** Hears of tokens that the server knows no more. */
  @FunctionalInterface
  public interface GoneTokens {
    /** Removes a token of an address. */
    void remove(String address, String token) throws IOException;
  }

  /**
   * Begins with what an earlier run has left.
   *
   * @throws IOException if the queue's folder cannot be used, or the additional roots not be read
   */
  public static Notifier start(
      Supplier<PolicySettings.Notifications> settings,
      GoneTokens gone,
      Clock clock,
      EnumCounter<PushOutcome> outcomes)
      throws IOException {
    return new Notifier(settings, gone, clock, outcomes, PATIENCE);
  }

  Notifier(
      Supplier<PolicySettings.Notifications> settings,
      GoneTokens gone,
      Clock clock,
      EnumCounter<PushOutcome> outcomes,
      Duration patience)
      throws IOException {
    this.settings = settings;
    this.gone = gone;
    this.clock = clock;
    this.outcomes = outcomes;
    folder = new QueueFolder(settings.get().queue());
    server = new NotificationServer(Trust.context(settings.get().extraTrust()), patience);
    schedule = new Schedule(clock);
    // Before any mail can queue a new one, whose unfinished file is nobody's to clear away.
    var leftOver = folder.leftOver();
    dispatcher = Thread.ofVirtual().name("notifier").start(() -> dispatch(leftOver));
  }

  /** Mail has come for an address: what returns has been queued and survives a crash. */
  public void newMail(String address, List<String> tokens) throws IOException {
    for (var token : tokens) {
      var notification = new Notification(address, token, clock.instant());
      locks.with(notification.id(), () -> queue(notification));
    }
  }

  private Schedule.Added queue(Notification notification) throws IOException {
    var added = schedule.add(notification.id(), notification.since());
    switch (added) {
      case KEEP -> folder.write(notification);
      case KNOWN -> log.fine("a device is to be woken up anyway");
      case FULL -> {
        outcomes.count(PushOutcome.DROPPED_FULL);
        if (!full.getAndSet(true)) {
          log.log(
              Level.WARNING,
              "{0} notifications wait: more are dropped until the notification server takes some",
              Integer.toString(Schedule.MOST));
        }
      }
    }
    return added;
  }

  private void dispatch(List<String> leftOver) {
    try {
      leftOver.forEach(this::takeUp);
      while (true) {
        places.acquire();
        var id = schedule.take();
        Thread.ofVirtual().start(() -> attempt(id));
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void takeUp(String id) {
    try {
      locks.with(id, () -> takeUpOrDrop(id));
    } catch (IOException | RuntimeException e) {
      log.log(
          Level.SEVERE,
          "a notification of an earlier run cannot be read from {0}: {1}",
          new Object[] {settings.get().queue(), e.getClass().getSimpleName()});
    }
  }

  private boolean takeUpOrDrop(String id) throws IOException {
    var notification = folder.read(id);
    if (notification.isEmpty()) {
      return false;
    }
    var since = notification.get().since();
    if (schedule.tooOld(since)) {
      return drop(id, PushOutcome.DROPPED_LATE);
    }
    return schedule.add(id, since) != Schedule.Added.FULL || drop(id, PushOutcome.DROPPED_FULL);
  }

  private boolean drop(String id, PushOutcome why) throws IOException {
    outcomes.count(why);
    folder.delete(id);
    return false;
  }

  private void attempt(String id) {
    try {
      var notification = locks.with(id, () -> folder.read(id));
      if (notification.isPresent()) {
        attempt(id, notification.get());
      } else {
        schedule.forget(id);
      }
    } catch (IOException | RuntimeException e) {
      // Neither the file nor the disk may stop the others.
      failed(id);
      log.log(Level.WARNING, "a notification failed: {0}", e.getClass().getSimpleName());
    } finally {
      places.release();
    }
  }

  private void attempt(String id, Notification notification) throws IOException {
    switch (server.post(settings.get().url(), notification.token())) {
      case TAKEN -> {
        outcomes.count(PushOutcome.TAKEN);
        end(id, () -> schedule.succeeded(id));
      }
      case GONE -> {
        outcomes.count(PushOutcome.DEVICE_GONE);
        gone.remove(notification.address(), notification.token());
        end(
            id,
            () -> {
              schedule.forget(id);
              return true;
            });
      }
      case FAILED -> end(id, () -> failed(id));
    }
  }

  private boolean failed(String id) {
    var givenUp = schedule.failed(id);
    outcomes.count(givenUp ? PushOutcome.DROPPED_LATE : PushOutcome.RETRIED);
    return givenUp;
  }

  /** Removes the file if there is nothing more to do about it. */
  private void end(String id, KeyedLocks.Work<Boolean> judgement) throws IOException {
    var over =
        locks.with(
            id,
            () -> {
              var last = judgement.run();
              if (last) {
                folder.delete(id);
              }
              return last;
            });
    if (over && schedule.size() < Schedule.MOST / 2) {
      full.set(false);
    }
  }

  /** Notifications that wait or are under way. */
  public int size() {
    return schedule.size();
  }

  /** Notifications that wait because of a failure. */
  public int failing() {
    return schedule.failing();
  }

  /** Makes a jump of the clock count at once. */
  void lookAtClock() {
    schedule.lookAtClock();
  }

  /** Ends; what waits is taken up by the next start. */
  @Override
  public void close() {
    dispatcher.interrupt();
    server.close();
  }
}
