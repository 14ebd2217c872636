package dev.postbus.applier;

import dev.postbus.certificates.CertificateStore;
import dev.postbus.events.CertChanged;
import dev.postbus.events.ChangeHandler;
import dev.postbus.events.ConfigChanged;
import dev.postbus.events.Envelope;
import dev.postbus.events.EventBus;
import dev.postbus.events.RelayActivity;
import dev.postbus.events.RelayActivity.DaemonAction;
import dev.postbus.events.RelayConfiguration;
import dev.postbus.events.RelayFollower;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes changes from the bus to the daemons and puts what came of it on the bus. A certificate that
 * a listener was not seen to serve is tried again, at growing intervals, until it is served or
 * there is a newer one: what was in the way may have gone.
 */
public final class ChangeApplier implements ChangeHandler, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ChangeApplier.class);
  private static final Duration PROOF = Duration.ofSeconds(10);

  private final EventBus bus;
  private final DaemonRollout daemons;
  private final Generations generations;
  private final List<TlsListener> listeners;
  private final InetAddress probeAddress;
  private final Clock clock;
  private final Retries retries;
  private final Duration proofPatience;
  private @Nullable CertAttempt attempt;
  private @Nullable String toldConfigProblem;
  private @Nullable RelayFollower follower;
  private @Nullable ProcessReporter reporter;
  // What was told before the other half was known, at the very first start.
  private @Nullable Envelope<ConfigChanged> waitingConfig;
  private @Nullable Envelope<CertChanged> waitingCert;

  /**
   * An applier.
   *
   * @param daemons what changes are applied to
   * @param store the certificate store, read only
   * @param listeners every listener that serves the certificate
   * @param probeAddress where the listeners are
   */
  public ChangeApplier(
      EventBus bus,
      DaemonRollout daemons,
      CertificateStore store,
      List<TlsListener> listeners,
      InetAddress probeAddress,
      Clock clock) {
    this(bus, daemons, store, listeners, probeAddress, clock, Retries.usual(), PROOF);
  }

  ChangeApplier(
      EventBus bus,
      DaemonRollout daemons,
      CertificateStore store,
      List<TlsListener> listeners,
      InetAddress probeAddress,
      Clock clock,
      Retries retries,
      Duration proofPatience) {
    this.retries = retries;
    this.proofPatience = proofPatience;
    this.bus = bus;
    this.daemons = daemons;
    this.generations = new Generations(store, clock);
    this.listeners = listeners;
    this.probeAddress = probeAddress;
    this.clock = clock;
  }

  /** Must be told once, before the follower starts. */
  public void follow(RelayFollower following) {
    this.follower = following;
  }

  /** Has what changes do to processes reported as answers to them; told before the start. */
  public void reportTo(ProcessReporter processes) {
    this.reporter = processes;
  }

  /** Starts the daemons with what was in force when they last ran, without the bus. */
  public synchronized void startAsBefore() {
    var config = following().appliedConfig();
    var cert = following().appliedCert();
    if (config.isPresent() && cert.isPresent()) {
      try {
        daemons.refresh(
            configuration(config.get()),
            generations.usableNow(cert.get().event(), configuration(config.get())));
      } catch (UnusableCertificate | RuntimeException e) {
        log.warn("starting with the files rendered before: {}", e.getMessage());
      }
    }
    daemons.startAsBefore();
  }

  @Override
  public synchronized void configChanged(Envelope<ConfigChanged> change) {
    waitingConfig = change;
    var cert = certFor();
    if (cert.isEmpty()) {
      log.info("version {} waits for a certificate", change.event().version());
      return;
    }
    if (!applyConfig(change, cert.get()) && following().appliedConfig().isEmpty()) {
      tryAgainLater(cert.get());
    }
  }

  @Override
  public synchronized void certChanged(Envelope<CertChanged> change) {
    attempt = new CertAttempt(change);
    tryCert(change);
  }

  /** Renders what is in force anew: something else that it is made of has changed. */
  public synchronized void renderAgain() {
    var config = following().appliedConfig();
    var cert = certFor();
    if (config.isEmpty() || cert.isEmpty()) {
      return;
    }
    var configuration = configuration(config.get());
    try {
      var actions =
          daemons.apply(configuration, generations.usableNow(cert.get().event(), configuration));
      log.info("rendered anew: {}", actions);
    } catch (DaemonRefusal | UnusableCertificate e) {
      log.error("what is rendered anew is refused: {}", e.getMessage());
    }
  }

  /** What a configuration would do; everything stays as it is. */
  public synchronized ChangePlan plan(ChangePlan.Request request) {
    var cert = certFor();
    if (cert.isEmpty()) {
      return new ChangePlan(bus.service(), List.of(), "certificate", "there is none yet");
    }
    var configuration = new RelayConfiguration(request.configuration());
    try {
      var usable = generations.usableNow(cert.get().event(), configuration);
      return new ChangePlan(bus.service(), daemons.plan(configuration, usable), null, null);
    } catch (DaemonRefusal e) {
      return new ChangePlan(bus.service(), List.of(), e.daemon(), e.getMessage());
    } catch (UnusableCertificate e) {
      return new ChangePlan(bus.service(), List.of(), "certificate", e.getMessage());
    }
  }

  private void tryCert(Envelope<CertChanged> change) {
    waitingCert = change;
    var config = waitingConfig != null ? Optional.of(waitingConfig) : following().appliedConfig();
    if (config.isEmpty()) {
      log.info("generation {} waits for a configuration", change.event().generation());
      return;
    }
    if (following().appliedConfig().isEmpty()) {
      // The first of both: one start serves both.
      if (!applyConfig(config.get(), change)) {
        tryAgainLater(change);
      }
    } else {
      applyCert(change, config.get());
    }
  }

  /** The one that is waiting, or was applied last; before any was, the one that is tried again. */
  private Optional<Envelope<CertChanged>> certFor() {
    if (waitingCert != null) {
      return Optional.of(waitingCert);
    }
    return following()
        .appliedCert()
        .or(() -> Optional.ofNullable(attempt).map(CertAttempt::change));
  }

  private boolean applyConfig(Envelope<ConfigChanged> change, Envelope<CertChanged> cert) {
    var version = change.event().version();
    try {
      var first = following().appliedConfig().isEmpty();
      var actions = roll(change.id(), change, cert);
      following().configApplied(change);
      waitingConfig = null;
      toldConfigProblem = null;
      var after = since(change.time());
      bus.publish(
          new RelayActivity.ConfigApplied(bus.service(), version, actions, after), change.id());
      log.info("version {} is in force after {} ms: {}", version, after, actions);
      if (first && waitingCert != null) {
        prove(cert, change);
      }
      return true;
    } catch (DaemonRefusal | UnusableCertificate e) {
      rejectConfig(change, e);
      return false;
    }
  }

  private List<DaemonAction> roll(
      String cause, Envelope<ConfigChanged> config, Envelope<CertChanged> cert)
      throws DaemonRefusal, UnusableCertificate {
    var configuration = configuration(config);
    var usable = generations.await(cert, configuration);
    var processes = reporter;
    if (processes == null) {
      return daemons.apply(configuration, usable);
    }
    processes.askedBy(cause);
    try {
      return daemons.apply(configuration, usable);
    } finally {
      processes.askedBy(null);
    }
  }

  private void rejectConfig(Envelope<ConfigChanged> change, Exception why) {
    var version = change.event().version();
    var daemon = why instanceof DaemonRefusal refusal ? refusal.daemon() : "certificate";
    var restored = following().appliedConfig().map(old -> old.event().version()).orElse(null);
    var problem = version + daemon + why.getMessage();
    if (!problem.equals(toldConfigProblem)) {
      toldConfigProblem = problem;
      bus.publish(
          new RelayActivity.ConfigRejected(
              bus.service(),
              version,
              daemon,
              String.valueOf(why.getMessage()),
              restored,
              since(change.time())),
          change.id());
    }
    if (restored != null) {
      waitingConfig = null;
    }
    log.error("version {} is refused by {}: {}", version, daemon, why.getMessage());
  }

  private void applyCert(Envelope<CertChanged> change, Envelope<ConfigChanged> config) {
    try {
      roll(change.id(), config, change);
    } catch (DaemonRefusal | UnusableCertificate e) {
      reject(change, null, String.valueOf(e.getMessage()));
      waitingCert = null;
      tryAgainLater(change);
      return;
    }
    prove(change, config);
  }

  /** Nothing happens then if the certificate is served, or another one has come, by that time. */
  private void tryAgainLater(Envelope<CertChanged> change) {
    var current = attempt;
    if (current != null && current.isOf(change)) {
      retries.after(current.failed(), () -> again(current));
    }
  }

  private synchronized void again(CertAttempt retried) {
    if (attempt == retried) {
      tryCert(retried.change());
    }
  }

  /** Remembers a certificate as applied when every listener was seen to serve it. */
  private void prove(Envelope<CertChanged> change, Envelope<ConfigChanged> config) {
    var proof =
        new CertificateProof(probeAddress, configuration(config).mailDomain(), proofPatience);
    var fingerprint = change.event().fingerprint();
    List<Callable<Boolean>> probes =
        listeners.stream()
            .<Callable<Boolean>>map(listener -> () -> proveOne(proof, listener, change))
            .toList();
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var served = true;
      for (var probe : pool.invokeAll(probes)) {
        served &= probe.resultNow();
      }
      waitingCert = null;
      if (served) {
        following().certApplied(change);
        attempt = null;
        log.info("generation {} ({}) is served", change.event().generation(), fingerprint);
      } else {
        tryAgainLater(change);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean proveOne(
      CertificateProof proof, TlsListener listener, Envelope<CertChanged> change) {
    var event = change.event();
    var missing = proof.missing(listener, event.fingerprint());
    if (missing.isPresent()) {
      reject(change, listener.name(), missing.get());
      return false;
    }
    if (isNews(change, listener.name(), "served")) {
      bus.publish(
          new RelayActivity.CertApplied(
              bus.service(),
              event.generation(),
              event.fingerprint(),
              listener.name(),
              listener.port(),
              since(change.time())),
          change.id());
    }
    return true;
  }

  /** Another try that comes to the same is no news. */
  private boolean isNews(Envelope<CertChanged> change, @Nullable String listener, String outcome) {
    var current = attempt;
    return current == null || !current.isOf(change) || current.isNews(listener, outcome);
  }

  private void reject(Envelope<CertChanged> change, @Nullable String listener, String reason) {
    var event = change.event();
    log.error("generation {} is not served: {}", event.generation(), reason);
    if (isNews(change, listener, reason)) {
      bus.publish(
          new RelayActivity.CertRejected(
              bus.service(),
              event.generation(),
              event.fingerprint(),
              listener,
              reason,
              since(change.time())),
          change.id());
    }
  }

  /** Nothing is tried again any more. */
  @Override
  public void close() {
    retries.close();
  }

  private RelayFollower following() {
    var set = follower;
    if (set == null) {
      throw new IllegalStateException("nothing is followed yet");
    }
    return set;
  }

  private static RelayConfiguration configuration(Envelope<ConfigChanged> change) {
    return new RelayConfiguration(change.event().configuration());
  }

  private long since(Instant time) {
    return Duration.between(time, clock.instant()).toMillis();
  }
}
