package dev.postbus.policy.helper;

import dev.postbus.policy.dkim.TxtLookup;
import dev.postbus.policy.dkim.Verdict;
import dev.postbus.policy.message.Judgement;
import dev.postbus.policy.message.MessageSource;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Work that helpers do: what one does not answer, another is asked for, and what none does, this
 * process does itself. Nobody who waits for it notices more than a moment.
 */
public final class SharedWork implements Work {
  private static final Logger log = Logger.getLogger(SharedWork.class.getName());
  // One that hangs is waited for: with more of them, a sender might give up.
  private static final int MOST_TRIES = 3;
  // Each has a piece of a message in memory. More would not be done sooner.
  private static final int MOST_AT_ONCE = 48;
  private static final Duration TO_WAIT = Duration.ofSeconds(10);

  private final Helpers helpers;
  private final TxtLookup keys;
  private final OwnWork own;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);
  private final LongAdder byHelpers = new LongAdder();
  private final LongAdder byItself = new LongAdder();

  /**
   * Work for helpers.
   *
   * @param keys keys of signatures, which this process looks up for them
   */
  public SharedWork(Helpers helpers, TxtLookup keys) {
    this.helpers = helpers;
    this.keys = keys;
    this.own = new OwnWork(keys);
  }

  @FunctionalInterface
  private interface Otherwise<T> {
    T run() throws IOException;
  }

  @Override
  public Judgement judge(MessageSource message, boolean outgoing) throws IOException {
    return done(
        connection -> connection.judge(message, outgoing), () -> own.judge(message, outgoing));
  }

  @Override
  public Verdict check(MessageSource message, List<String> authors) throws IOException {
    return done(
        connection -> connection.check(message, authors, keys), () -> own.check(message, authors));
  }

  @Override
  public String hash(String password) throws IOException {
    return done(connection -> connection.hash(password), () -> own.hash(password));
  }

  /** Requests that helpers have done. */
  public long byHelpers() {
    return byHelpers.sum();
  }

  /** Requests that were left to this process. */
  public long byItself() {
    return byItself.sum();
  }

  private <T> T done(Helper.Request<T> request, Otherwise<T> otherwise) throws IOException {
    var answer = placed(request);
    if (answer.isPresent()) {
      byHelpers.increment();
      return answer.get();
    }
    byItself.increment();
    return otherwise.run();
  }

  private <T> Optional<T> placed(Helper.Request<T> request) {
    try {
      if (!places.tryAcquire(TO_WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
        return Optional.empty();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
    try {
      return byAHelper(request);
    } finally {
      places.release();
    }
  }

  private <T> Optional<T> byAHelper(Helper.Request<T> request) {
    var tried = new HashSet<Helper>();
    for (int i = 0; i < MOST_TRIES; i++) {
      var helper = helpers.next(tried);
      if (helper.isEmpty()) {
        break;
      }
      tried.add(helper.get());
      try {
        return Optional.of(helper.get().ask(request));
      } catch (HelperConnection.NotDone e) {
        log.log(Level.WARNING, "{0}: it is done here", e.getMessage());
        break;
      } catch (IOException e) {
        log.log(Level.FINE, "the next one is asked: {0}", e.getMessage());
      }
    }
    return Optional.empty();
  }
}
