package dev.postbus.cert.acme;

import dev.postbus.cert.acme.AuthorityFolder.Attempts;
import dev.postbus.events.EventBus;
import dev.postbus.events.TraceContext;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Sees to it that there is a certificate by ACME in time: decides when, and from whom. */
public final class AcmeKeeper {
  private static final Duration FAR = Duration.ofDays(1);
  private static final int FAILURES_BEFORE_ANOTHER = 3;

  private final Path folder;
  private final CertificateHome home;
  private final EventBus bus;
  private final Clock clock;
  private final Budget budget;
  private final Renewal renewal;
  private final AcmeSettings settings;
  private final HttpTokens tokens;
  // Opened when something is needed: most relays of a test or a private net never do.
  private volatile List<OrderDesk> desks = List.of();
  private volatile @Nullable Need need;
  private volatile @Nullable String cause;
  private volatile Runnable wake = () -> {};
  private @Nullable BudgetHistory history;
  private @Nullable Demand demand;

  /** Somebody's wish for a new certificate, due or not. */
  private record Demand(
      CompletableFuture<Optional<String>> outcome, boolean force, @Nullable TraceContext trace) {}

  /**
   * A keeper, which does nothing until it is told what is needed.
   *
   * @param folder of its own, made when it is needed
   */
  public AcmeKeeper(
      Path folder,
      AcmeSettings settings,
      HttpTokens tokens,
      CertificateHome home,
      EventBus bus,
      Clock clock) {
    this.folder = folder;
    this.home = home;
    this.bus = bus;
    this.clock = clock;
    budget = new Budget(folder);
    renewal = new Renewal(folder, settings.authorities(), clock, new Random());
    this.settings = settings;
    this.tokens = tokens;
  }

  /**
   * When and why the next renewal is, and what is wrong.
   *
   * @param renewal when; empty where that is not known yet
   * @param why in words
   * @param problem the last failure; empty when there is none
   */
  public record Outlook(Optional<Instant> renewal, String why, Optional<String> problem) {}

  /** Calls back when there is something to do before the time that {@link #step} named. */
  void onWake(Runnable callback) {
    wake = callback;
  }

  /**
   * What is needed from now on.
   *
   * @param wanted null when nothing is
   * @param because the event that asks for it
   */
  public void follow(@Nullable Need wanted, @Nullable String because) {
    if (wanted != null && desks.isEmpty()) {
      desks = desks();
    }
    need = wanted;
    cause = because;
    wake.run();
  }

  /** Whether certificates are got by ACME at all. */
  public boolean isNeeded() {
    return need != null;
  }

  /**
   * Asks for a new certificate now.
   *
   * @param force whether it is ordered though it is not due
   * @param trace to which the request belongs
   * @return empty when it is there, otherwise why not
   */
  public CompletableFuture<Optional<String>> renew(boolean force, @Nullable TraceContext trace) {
    var outcome = new CompletableFuture<Optional<String>>();
    synchronized (this) {
      var waiting = demand;
      if (waiting != null) {
        return waiting.outcome();
      }
      demand = new Demand(outcome, force, trace);
    }
    wake.run();
    return outcome;
  }

  /** Authorities that certificates are ordered from, the usual one first; none where none are. */
  public List<CaaAccount> caaAccounts() {
    return isNeeded() ? desks.stream().map(OrderDesk::caaAccount).toList() : List.of();
  }

  /** What will be, as far as it is known. */
  public Outlook outlook() {
    var problem =
        desks.stream()
            .flatMap(desk -> desk.attempts().stream())
            .map(a -> a.reason() + "; next attempt at " + a.notBefore())
            .reduce((a, b) -> a + "; " + b);
    var inUse = home.inUse();
    var plan =
        renewal
            .known()
            .filter(p -> inUse.filter(i -> i.fingerprint().equals(p.fingerprint())).isPresent());
    if (plan.isPresent()) {
      return new Outlook(plan.map(Renewal.Plan::at), plan.get().why(), problem);
    }
    var next = desks.stream().flatMap(desk -> desk.attempts().stream()).map(Attempts::notBefore);
    return new Outlook(
        next.min(Instant::compareTo), "there is no certificate by ACME yet", problem);
  }

  /**
   * Does what is due now.
   *
   * @return when there may be something due again
   */
  Instant step() throws InterruptedException {
    var wanted = need;
    var far = clock.instant().plus(FAR);
    if (wanted == null) {
      answer(Optional.of("the certificate is not one by ACME"));
      return far;
    }
    if (!readHistory()) {
      return far;
    }
    var asked = demanded();
    var due = due(wanted, asked.filter(Demand::force).isPresent());
    if (due.isEmpty()) {
      renewal
          .known()
          .ifPresent(
              plan ->
                  answer(
                      Optional.of(
                          "the certificate is not due before %s (%s); --force orders one now"
                              .formatted(plan.at(), plan.why()))));
      return nextLook(far);
    }
    var inTrace = asked.map(Demand::trace).map(due.get()::in).orElse(due.get());
    return issue(wanted, inTrace, asked.isPresent());
  }

  private Instant issue(Need wanted, OrderDesk.Due due, boolean asked) throws InterruptedException {
    var next = clock.instant().plus(FAR);
    for (var desk : desks) {
      var attempts = desk.attempts();
      var notBefore = attempts.map(Attempts::notBefore).orElse(Instant.MIN);
      if (!asked && clock.instant().isBefore(notBefore)) {
        next = earlier(next, notBefore);
      } else {
        try {
          desk.obtain(wanted, due);
          desks.forEach(OrderDesk::settle);
          answer(Optional.empty());
          // When the new one is due.
          return clock.instant();
        } catch (AcmeFailure failure) {
          answer(Optional.of(String.valueOf(failure.getMessage())));
          next = earlier(next, desk.attempts().map(Attempts::notBefore).orElse(next));
        }
      }
      if (desk.attempts().filter(AcmeKeeper::callsForAnother).isEmpty()) {
        break;
      }
    }
    return next;
  }

  private List<OrderDesk> desks() {
    var parts =
        new OrderDesk.Parts(
            folder, settings, settings.challenges(tokens), budget, home, bus, clock);
    var preCheck = settings.check(tokens);
    var caa = new Caa(Dns.through(settings.resolver()));
    var opened = new ArrayList<OrderDesk>();
    for (var authority : settings.authorities()) {
      // Another authority than the usual one issues only where it surely may.
      var another = !opened.isEmpty();
      var caaCheck =
          another || settings.preCheck()
              ? Optional.of(new CaaCheck(caa, another))
              : Optional.<CaaCheck>empty();
      opened.add(new OrderDesk(parts, authority, new OrderDesk.Checks(preCheck, caaCheck)));
    }
    return List.copyOf(opened);
  }

  private static boolean callsForAnother(Attempts attempts) {
    return attempts.failures() >= FAILURES_BEFORE_ANOTHER && attempts.kind().anotherMayDo();
  }

  private Optional<OrderDesk.Due> due(Need wanted, boolean asked) throws InterruptedException {
    var underWay = desks.stream().anyMatch(desk -> desk.hasOrder(wanted.names()));
    return new DueCheck(renewal, clock).due(wanted, home.inUse(), asked, underWay, cause);
  }

  private Instant nextLook(Instant far) {
    return renewal
        .known()
        .map(plan -> earlier(far, earlier(plan.at(), plan.askAgain())))
        .orElse(far);
  }

  /** Reads the log, if the count of what was ordered is lost; whether it is known now. */
  boolean readHistory() {
    OwnFiles.makeFolder(folder);
    if (!budget.isLost()) {
      return true;
    }
    if (history == null) {
      history = new BudgetHistory(bus);
      history.whenRead(() -> wake.run());
    }
    var spent = history.spentIfRead();
    spent.ifPresent(budget::restore);
    if (spent.isPresent()) {
      closeHistory();
    }
    return spent.isPresent();
  }

  /** Stops reading, if it reads. */
  void closeHistory() {
    if (history != null) {
      history.close();
      history = null;
    }
  }

  private synchronized Optional<Demand> demanded() {
    return Optional.ofNullable(demand);
  }

  private void answer(Optional<String> problem) {
    Demand answered;
    synchronized (this) {
      answered = demand;
      demand = null;
    }
    if (answered != null) {
      answered.outcome().complete(problem);
    }
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
