package dev.postbus.policy.expiry;

import dev.postbus.policy.settings.PolicySettings;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;

/** Runs the expiry once a day. A run that a restart cut short is due still, and begins again. */
public final class DailyExpiry {
  private static final Logger log = Logger.getLogger(DailyExpiry.class.getName());
  // Short, as the clock may be set and the machine may sleep.
  private static final Duration LOOK = Duration.ofSeconds(30);

  private final Expiry expiry;
  private final Schedule schedule;
  private final StorageReports reports;
  private final Clock clock;

  /**
   * A daily run of the given expiry; its time is remembered where the settings say. What is left
   * after it is counted anew.
   */
  public DailyExpiry(
      Expiry expiry,
      StorageReports reports,
      Supplier<PolicySettings> settings,
      Clock clock,
      RandomGenerator random) {
    this.expiry = expiry;
    this.reports = reports;
    this.schedule = new Schedule(settings.get().expiry().schedule(), clock, random);
    this.clock = clock;
  }

  /** Looks from time to time, on a thread of its own, whether a run is due. */
  public void start() {
    Thread.ofPlatform().name("daily-expiry").daemon().start(this::forever);
  }

  /** When the next run is due; empty if that cannot be read. */
  public Optional<Instant> next() {
    try {
      return Optional.of(schedule.next());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void forever() {
    try {
      while (true) {
        runIfDue();
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private void report() throws InterruptedException {
    try {
      reports.count();
    } catch (IOException e) {
      log.log(Level.WARNING, "the mailboxes cannot be counted: {0}", e.getClass().getSimpleName());
    }
  }

  /** Runs if it is time; whether it did. */
  boolean runIfDue() throws InterruptedException {
    try {
      if (schedule.next().isAfter(clock.instant())) {
        return false;
      }
      // Another run may be under way: then this one's turn comes with the next look.
      var ran = expiry.run(false);
      if (ran.isPresent()) {
        schedule.done();
        report();
      }
      return ran.isPresent();
    } catch (IOException e) {
      log.log(Level.WARNING, "the time of the daily expiry cannot be kept: {0}", e.toString());
      return false;
    }
  }
}
