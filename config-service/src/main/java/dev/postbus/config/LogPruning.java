package dev.postbus.config;

import dev.postbus.audit.Keep;
import dev.postbus.audit.Removal;
import dev.postbus.audit.Retention;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes old events, daily or when an operator asks; one such work at a time. */
final class LogPruning implements AutoCloseable {
  static final String VARIABLE = "POSTBUS_EVENTS_KEEP";

  private static final Logger log = LoggerFactory.getLogger(LogPruning.class);

  // A start has more urgent things to do.
  private static final long FIRST_MINUTES = 5;
  private static final long DAY_MINUTES = 24 * 60;

  private final Retention retention;
  private final ScheduledExecutorService days =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("retention").factory());

  LogPruning(Retention retention) {
    this.retention = retention;
  }

  /**
   * How much is to be kept.
   *
   * @throws IllegalArgumentException if that was written wrongly
   */
  static Optional<Keep> parse(@Nullable String text) {
    try {
      return Keep.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(VARIABLE + ": " + e.getMessage(), e);
    }
  }

  /** Removes what is not to be kept some minutes from now, and then daily. */
  void daily(Keep keep) {
    days.scheduleAtFixedRate(() -> runAndTell(keep), FIRST_MINUTES, DAY_MINUTES, TimeUnit.MINUTES);
  }

  /**
   * Removes what is not to be kept.
   *
   * @param accept whether to do so although the log is not as it was written
   * @throws IOException if the bus does not answer, or the log is not as it was written
   */
  synchronized Removal run(Keep keep, boolean accept) throws IOException {
    var removal = retention.run(keep, accept);
    if (removal.count() > 0) {
      log.info(
          "{} events until {} were removed, as {} are kept",
          removal.count(),
          removal.until(),
          keep);
    }
    return removal;
  }

  /** The executor would never call again after an exception. */
  private void runAndTell(Keep keep) {
    try {
      run(keep, false);
    } catch (IOException | RuntimeException e) {
      log.warn("old events stay for another day: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    days.shutdownNow();
  }
}
