package dev.postbus.applier;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does things again later, the later the more often it was in vain. */
final class Retries implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Retries.class);

  private final Duration first;
  private final Duration longest;
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().name("retries").factory());

  /**
   * Retries.
   *
   * @param first after the first failure; doubled with each
   * @param longest but never longer than this
   */
  Retries(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest;
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** After 5 s, doubling to 5 minutes. */
  static Retries usual() {
    return new Retries(Duration.ofSeconds(5), Duration.ofMinutes(5));
  }

  /** Runs a task after so many failures, counted from 1, unless this is closed before. */
  void after(int failures, Runnable task) {
    if (!timer.isShutdown()) {
      timer.schedule(() -> safely(task), delay(failures).toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  Duration delay(int failures) {
    var delay = first;
    for (int i = 1; i < failures && delay.compareTo(longest) < 0; i++) {
      delay = delay.multipliedBy(2);
    }
    return delay.compareTo(longest) < 0 ? delay : longest;
  }

  private static void safely(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      log.error("trying again failed", e);
    }
  }

  /** What runs goes on to its end, without an interrupt: it may be writing files. */
  @Override
  public void close() {
    timer.shutdown();
  }
}
