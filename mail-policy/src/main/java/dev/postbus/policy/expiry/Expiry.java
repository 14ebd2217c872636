package dev.postbus.policy.expiry;

import dev.postbus.policy.mailbox.EachMailbox;
import dev.postbus.policy.mailbox.MailboxRoot;
import dev.postbus.policy.settings.PolicySettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Expires all mailboxes, one run at a time. A run that was cut short needs no repair: the next one
 * finds what is left to do.
 */
public final class Expiry {
  private static final Logger log = Logger.getLogger(Expiry.class.getName());

  private final Supplier<PolicySettings> settings;
  private final Clock clock;
  private final ExpiryCounters counters;
  private final AtomicReference<@Nullable Run> running = new AtomicReference<>();
  private volatile @Nullable Run last;

  /** Expires by the settings and the time at each run. */
  public Expiry(Supplier<PolicySettings> settings, Clock clock, ExpiryCounters counters) {
    this.settings = settings;
    this.clock = clock;
    this.counters = counters;
  }

  /**
   * A run.
   *
   * @param dryRun whether it only counts
   * @param began when
   * @param millis how long it took, or has taken so far
   * @param finished whether it is over
   * @param outcome what it has removed so far
   * @param problem why it ended early, if it did
   */
  public record Progress(
      boolean dryRun,
      Instant began,
      long millis,
      boolean finished,
      Outcome outcome,
      @Nullable String problem) {}

  private final class Run {
    private final boolean dry;
    private final Tally tally = new Tally();
    private final Instant began = clock.instant();
    private final long beganNanos = System.nanoTime();
    private volatile long failures;
    private volatile long endNanos;
    private volatile @Nullable String problem;

    private Run(boolean dry) {
      this.dry = dry;
    }

    private Progress progress() {
      var end = endNanos;
      var nanos = (end == 0 ? System.nanoTime() : end) - beganNanos;
      return new Progress(
          dry,
          began,
          Duration.ofNanos(nanos).toMillis(),
          end != 0,
          tally.outcome(failures),
          problem);
    }

    private void work() throws InterruptedException {
      var now = settings.get();
      var mailbox = new MailboxExpiry(Rules.at(began, now.expiry()), dry);
      try {
        if (!dry) {
          MailboxRoot.sweep(now.mailboxes());
        }
        failures = EachMailbox.run(now.mailboxes(), (root, name) -> expire(mailbox, root, name));
      } catch (IOException e) {
        problem = "the folder of the mailboxes cannot be read: " + e;
        log.log(Level.WARNING, "expiry ended early: {0}", problem);
      } finally {
        endNanos = System.nanoTime();
      }
    }

    private void expire(MailboxExpiry mailbox, MailboxRoot root, Path name) throws IOException {
      var done = mailbox.expire(root, name);
      tally.add(done);
      if (dry && !done.isEmpty()) {
        tally.affects(name.toString(), done);
      }
    }
  }

  /**
   * Runs to the end.
   *
   * @return what came of it; empty if another run is under way
   */
  public Optional<Progress> run(boolean dry) throws InterruptedException {
    var run = new Run(dry);
    return running.compareAndSet(null, run) ? Optional.of(toTheEnd(run)) : Optional.empty();
  }

  /** Starts a run on a thread of its own; false if another is under way. */
  public boolean start(boolean dry) {
    var run = new Run(dry);
    if (!running.compareAndSet(null, run)) {
      return false;
    }
    Thread.ofPlatform()
        .name("expiry")
        .daemon()
        .start(
            () -> {
              try {
                toTheEnd(run);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    return true;
  }

  private Progress toTheEnd(Run run) throws InterruptedException {
    try {
      run.work();
    } finally {
      last = run;
      running.set(null);
    }
    var progress = run.progress();
    if (!progress.dryRun()) {
      counters.ran(progress.outcome(), progress.problem() == null);
    }
    log.log(
        Level.INFO,
        "{0} of {1} mailboxes took {2} ms: {3}",
        new Object[] {
          progress.dryRun() ? "dry run" : "expiry",
          progress.outcome().mailboxes(),
          progress.millis(),
          progress.outcome().removed()
        });
    return progress;
  }

  /** The run that is under way, or the last one since the start of this process. */
  public Optional<Progress> progress() {
    var run = running.get();
    return Optional.ofNullable(run == null ? last : run).map(Run::progress);
  }

  /** Brings one mailbox down to the quota's target. */
  Outcome cutToQuota(Path name) throws IOException {
    var now = settings.get();
    var mailbox = new MailboxExpiry(Rules.at(clock.instant(), now.expiry()), false);
    try (var root = MailboxRoot.open(now.mailboxes())) {
      return mailbox.cutToQuota(root, name).outcome(0);
    }
  }
}
