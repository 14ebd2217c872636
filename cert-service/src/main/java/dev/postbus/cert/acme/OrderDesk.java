package dev.postbus.cert.acme;

import dev.postbus.cert.acme.AuthorityFolder.Attempts;
import dev.postbus.cert.acme.AuthorityFolder.Order;
import dev.postbus.events.CertReason;
import dev.postbus.events.EventBus;
import dev.postbus.events.RelayActivity;
import dev.postbus.events.TraceContext;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Login;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Orders from one authority, one order at a time, and remembers on disk how that went. */
final class OrderDesk {
  private static final Logger log = LoggerFactory.getLogger(OrderDesk.class);
  private static final Duration ACKNOWLEDGED = Duration.ofSeconds(5);

  private final Authority authority;
  private final AuthorityFolder folder;
  private final AcmeSettings settings;
  private final Checks checks;
  private final Challenges challenges;
  private final Budget budget;
  private final CertificateHome home;
  private final EventBus bus;
  private final Clock clock;

  OrderDesk(Parts parts, Authority authority, Checks checks) {
    this.authority = authority;
    this.folder = new AuthorityFolder(parts.acmeFolder().resolve(authority.folderName()));
    this.checks = checks;
    this.settings = parts.settings();
    this.challenges = parts.challenges();
    this.budget = parts.budget();
    this.home = parts.home();
    this.bus = parts.bus();
    this.clock = parts.clock();
  }

  /** What the desks of all authorities share. */
  record Parts(
      Path acmeFolder,
      AcmeSettings settings,
      Challenges challenges,
      Budget budget,
      CertificateHome home,
      EventBus bus,
      Clock clock) {}

  /**
   * What is looked at before an order.
   *
   * @param reached whether the relay is reached by its names
   * @param caa whether the authority may issue
   */
  record Checks(Optional<PreCheck> reached, Optional<CaaCheck> caa) {}

  /**
   * Why a certificate is wanted.
   *
   * @param words for people
   * @param reason for the event
   * @param replaces the certificate that the new one comes after, where the authority should know
   * @param cause the event that asks for it
   * @param trace to which the request belongs, if somebody asked
   */
  record Due(
      String words,
      CertReason reason,
      Optional<X509Certificate> replaces,
      @Nullable String cause,
      @Nullable TraceContext trace) {
    Due(
        String words,
        CertReason reason,
        Optional<X509Certificate> replaces,
        @Nullable String cause) {
      this(words, reason, replaces, cause, null);
    }

    /** The same, as part of a trace. */
    Due in(TraceContext named) {
      return new Due(words, reason, replaces, cause, named);
    }
  }

  /** Whether an order for these names is under way. */
  boolean hasOrder(List<String> names) {
    return order(names).isPresent();
  }

  /** Failures in a row, with the last one. */
  Optional<Attempts> attempts() {
    return folder.attempts().read();
  }

  /** What a CAA record needs to let this relay's account alone have certificates from here. */
  CaaAccount caaAccount() {
    var account = folder.account().read();
    var identities = account.map(AuthorityFolder.Account::identities);
    return new CaaAccount(
        authority.toString(),
        identities.map(List::getFirst).orElseGet(authority::guessedIdentity),
        account.map(AuthorityFolder.Account::url).orElse(null));
  }

  /** There is a certificate: nothing that was begun here is wanted any more. */
  void settle() {
    folder.forgetOrder();
    folder.attempts().delete();
  }

  /**
   * Orders a certificate and has it installed, or goes on with the order that is under way.
   *
   * @throws AcmeFailure which has been remembered and published
   */
  void obtain(Need need, Due due) throws AcmeFailure, InterruptedException {
    folder.make();
    var cause = due.cause();
    try (var ca = new CaSession(authority)) {
      checkBudget(need);
      if (checks.reached().isPresent()) {
        checks.reached().get().run(need.names());
      }
      var login = login(ca, need);
      rememberIdentities(ca);
      if (checks.caa().isPresent()) {
        checks.caa().get().run(ca, login, need.names(), challenges.type());
      }
      var known = order(need.names());
      var order = known.isPresent() ? known.get() : begin(need, due);
      cause = order.id();
      announce(order);
      var wishes = new Issuance.Wishes(settings.profile(), due.replaces());
      var issued =
          new Issuance(ca, login, folder, challenges, clock).run(order, wishes, known.isEmpty());
      home.install(issued.chain(), issued.key().getPrivate(), due.reason(), order.id());
      budget.issued(order.id());
      settle();
    } catch (AcmeFailure failure) {
      if (Thread.currentThread().isInterrupted()) {
        // This service is being stopped: that is nobody's failure.
        throw new InterruptedException();
      }
      failed(need, failure, cause);
      throw failure;
    } catch (RuntimeException e) {
      log.error("{}: unexpected", authority, e);
      var failure = new AcmeFailure(FailureKind.SERVER_ERROR, authority + ": " + e.getMessage(), e);
      failed(need, failure, cause);
      throw failure;
    }
  }

  private Login login(CaSession ca, Need need) throws AcmeFailure, InterruptedException {
    var accounts = new Accounts(folder, authority, need.email());
    var known = accounts.known(ca);
    if (known.isPresent()) {
      return known.get();
    }
    var blocked = budget.blockedAccount(authority, clock.instant());
    if (blocked.isPresent()) {
      throw overBudget(blocked.get());
    }
    var login = accounts.register(ca);
    var url = login.getAccountLocation().toString();
    budget.registered(new Budget.Registered(authority.toString(), clock.instant()));
    bus.publish(
        new RelayActivity.AcmeAccountRegistered(bus.service(), authority.toString(), url), null);
    log.info("account {}", url);
    return login;
  }

  /** What belongs into CAA records is asked for at other times than the authority. */
  private void rememberIdentities(CaSession ca) throws AcmeFailure, InterruptedException {
    var identities = ca.caaIdentities();
    var known = folder.account().read();
    if (known.isPresent()) {
      var complete = new AuthorityFolder.Account(known.get().url(), identities);
      if (!complete.equals(known.get())) {
        folder.account().write(complete);
      }
    }
  }

  private Optional<Order> order(List<String> names) {
    return folder
        .order()
        .read()
        .filter(order -> new HashSet<>(order.names()).equals(new HashSet<>(names)))
        .filter(order -> folder.orderKey().read().isPresent());
  }

  /** Key and record are on disk before anybody hears of it. */
  private Order begin(Need need, Due due) {
    var now = bus.now();
    folder.forgetOrder();
    folder.orderKey().write(settings.key().generate());
    var order =
        new Order(EventBus.newId(), need.names(), due.words(), due.cause(), now, null, due.trace());
    folder.order().write(order);
    return order;
  }

  /** Event and count are there before the authority hears of it; made good after a kill. */
  private void announce(Order order) throws InterruptedException {
    bus.remember(order.id(), order.trace());
    if (budget.knows(order.id())) {
      return;
    }
    bus.publish(
        new RelayActivity.CertOrderBegun(
            bus.service(), order.names(), authority.toString(), challenges.type(), order.reason()),
        order.cause(),
        order.id(),
        order.begun(),
        order.trace());
    budget.ordered(
        new Budget.Ordered(
            order.id(), authority.toString(), order.names(), clock.instant(), false));
    awaitAcknowledged();
  }

  /** The log should know before the authority does; a bus that is away is not waited for long. */
  private void awaitAcknowledged() throws InterruptedException {
    var deadline = System.nanoTime() + ACKNOWLEDGED.toNanos();
    while (!bus.allSent() && System.nanoTime() < deadline) {
      Thread.sleep(Duration.ofMillis(20));
    }
  }

  private void checkBudget(Need need) throws AcmeFailure {
    var blocked =
        hasOrder(need.names())
            ? Optional.<Budget.Blocked>empty()
            : budget.blocked(authority, need.names(), clock.instant());
    if (blocked.isPresent()) {
      throw overBudget(blocked.get());
    }
  }

  private AcmeFailure overBudget(Budget.Blocked blocked) {
    var wait = Duration.between(clock.instant(), blocked.until());
    return new AcmeFailure(
        FailureKind.BUDGET,
        "%s: %s: no more before %s, lest the authority shuts us out"
            .formatted(authority, blocked.why(), blocked.until()),
        wait,
        null);
  }

  private void failed(Need need, AcmeFailure failure, @Nullable String cause) {
    var before = attempts().map(Attempts::failures).orElse(0);
    // What the budget keeps back is no failure of anybody.
    var failures = failure.kind() == FailureKind.BUDGET ? Math.max(1, before) : before + 1;
    if (!failure.kind().orderGoesOn()) {
      folder.forgetOrder();
    }
    if (CaSession.isAccountGone(failure)) {
      // The key stays: the same account if the authority finds it, otherwise a new one.
      folder.account().delete();
    }
    var next = nextAttempt(need, failure, failures);
    var words = String.valueOf(failure.getMessage());
    folder.attempts().write(new Attempts(failures, failure.kind(), words, next));
    log.warn("{} ({}, {} in a row; again at {})", words, failure.kind().label(), failures, next);
    bus.publish(
        new RelayActivity.CertIssueFailed(
            bus.service(),
            need.names(),
            words,
            authority.toString(),
            failure.kind().label(),
            (long) failures,
            next),
        cause);
  }

  private Instant nextAttempt(Need need, AcmeFailure failure, int failures) {
    var now = clock.instant();
    var next = failure.kind() == FailureKind.BUDGET ? now : now.plus(Backoff.after(failures));
    var asked = failure.retryAfter().map(now::plus).orElse(now);
    var allowed =
        hasOrder(need.names())
            ? now
            : budget.blocked(authority, need.names(), now).map(Budget.Blocked::until).orElse(now);
    return List.of(next, asked, allowed).stream().max(Instant::compareTo).orElse(next);
  }
}
