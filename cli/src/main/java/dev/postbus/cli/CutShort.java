package dev.postbus.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C, or SIGTERM, interrupts a thread, which gets some time to save what it has and to take
 * back what it changed, before the process ends.
 */
final class CutShort {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook;

  private CutShort(Thread worker) {
    this.hook = new Thread(() -> end(worker));
  }

  static CutShort byExit(Thread worker) {
    var made = new CutShort(worker);
    Runtime.getRuntime().addShutdownHook(made.hook);
    return made;
  }

  private void end(Thread worker) {
    worker.interrupt();
    try {
      if (!finished.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        System.err.println("ended before all was saved and taken back");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The thread has saved and taken back everything. */
  void done() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // It is what ended the work.
      return;
    }
  }
}
