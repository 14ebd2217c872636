package dev.postbus.cert.acme;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that an {@link AcmeKeeper} works on: authorities may take their time. */
public final class AcmeWorker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AcmeWorker.class);
  // Clocks are set, machines sleep: a look costs nothing.
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final Duration AFTER_ERROR = Duration.ofMinutes(1);

  private final AcmeKeeper keeper;
  private final Clock clock;
  private final Semaphore woken = new Semaphore(0);
  private final Thread thread = Thread.ofVirtual().name("acme").unstarted(this::run);

  /** A worker, which has to be started. */
  public AcmeWorker(AcmeKeeper keeper, Clock clock) {
    this.keeper = keeper;
    this.clock = clock;
    keeper.onWake(woken::release);
  }

  /** Starts to work. */
  public void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        var wait = work();
        if (woken.tryAcquire(Math.max(1, wait.toMillis()), TimeUnit.MILLISECONDS)) {
          woken.drainPermits();
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration work() throws InterruptedException {
    try {
      var wait = Duration.between(clock.instant(), keeper.step());
      return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    } catch (RuntimeException e) {
      log.error("a certificate could not be seen to; again in {}", AFTER_ERROR, e);
      return AFTER_ERROR;
    }
  }

  /** Stops; an order under way goes on at the next start. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(3));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    keeper.closeHistory();
  }
}
