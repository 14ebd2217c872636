package dev.postbus.bench.soak;

import dev.postbus.bench.Target;
import dev.postbus.bench.results.Recorder;
import java.io.IOException;
import java.time.Duration;

/** Mail and logins at a steady rate, while something else is measured. */
public final class SteadyMail implements AutoCloseable {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Ledger ledger = new Ledger();
  private final Errors errors = new Errors(new Kills());
  private final Traffic traffic;
  private final int perSecond;
  private final long began;

  private SteadyMail(Target target, int perSecond) throws IOException, InterruptedException {
    var plan = SoakPlan.beside(SECOND.dividedBy(perSecond));
    var logins = new LoginTimes(target, plan.loginEvery(), plan.loginsPerAccount());
    this.traffic = Traffic.start(target, plan, ledger, errors, logins);
    this.perSecond = perSecond;
    this.began = System.nanoTime();
  }

  /**
   * Begins to send, when all who wait for mail are in IDLE.
   *
   * @param perSecond messages a second, 1 or more
   */
  public static SteadyMail start(Target target, int perSecond)
      throws IOException, InterruptedException {
    return new SteadyMail(target, perSecond);
  }

  /** Tells what became of the mail so far. */
  public void tell(Recorder results) throws IOException {
    var seconds = (System.nanoTime() - began) / 1e9;
    var what = "mail beside, %d messages/s wanted".formatted(perSecond);
    results.figure(what + ": taken", "messages/s", ledger.accepted() / seconds);
    results.series(
        what + ": DATA to EXISTS",
        "ms",
        ledger.deliveries().stream().map(Ledger.Delivery::millis).toList());
    for (var error : errors.outside().entrySet()) {
      results.figure(what + ": " + error.getKey(), "times", error.getValue());
    }
  }

  @Override
  public void close() {
    traffic.close();
  }
}
