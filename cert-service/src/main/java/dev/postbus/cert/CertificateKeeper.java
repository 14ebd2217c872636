package dev.postbus.cert;

import dev.postbus.cert.foreign.ForeignPair;
import dev.postbus.cert.foreign.PairParser;
import dev.postbus.cert.foreign.UnusablePair;
import dev.postbus.certificates.CertificateCheck;
import dev.postbus.certificates.CertificateStore;
import dev.postbus.certificates.StoredCertificate;
import dev.postbus.events.CertChanged;
import dev.postbus.events.CertMode;
import dev.postbus.events.CertReason;
import dev.postbus.events.EventBus;
import dev.postbus.events.RelayActivity;
import dev.postbus.events.TraceContext;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that the relay has a certificate, and that everybody hears of a new one once. */
final class CertificateKeeper {
  private static final Logger log = LoggerFactory.getLogger(CertificateKeeper.class);
  private static final Duration RENEW_BEFORE = Duration.ofDays(30);

  private final CertificateStore store;
  private final Ledger ledger;
  private final EventBus bus;
  private final SelfSigned selfSigned;
  private final PairParser parser;
  private final Clock clock;
  private CertificatePlan plan;
  private @Nullable String lastFailure;
  private List<String> warnings = List.of();

  /**
   * A keeper.
   *
   * @param parser of certificates and keys that somebody brings
   */
  CertificateKeeper(
      CertificateStore store,
      Ledger ledger,
      EventBus bus,
      CertificatePlan plan,
      PairParser parser,
      Clock clock) {
    this.store = store;
    this.ledger = ledger;
    this.bus = bus;
    this.plan = plan;
    this.clock = clock;
    this.selfSigned = new SelfSigned(clock);
    this.parser = parser;
  }

  /** The certificate in use. */
  record Current(Ledger.Entry entry, StoredCertificate stored) {}

  /** What came of an import. */
  record Imported(Current current, List<String> warnings) {}

  /** Makes good what a crash left undone, then does what the plan asks for. */
  synchronized void start(CertificatePlan first) {
    plan = first;
    store.prepare();
    ledger
        .read()
        .ifPresent(
            entry -> {
              var stored = store.find(entry.fingerprint());
              if (stored.isEmpty()) {
                log.warn("generation {} is not in the store any more", entry.fingerprint());
              } else {
                announce(entry, stored.get());
              }
            });
    keep(null);
  }

  /** The configuration changed. */
  synchronized void follow(CertificatePlan changed, @Nullable String cause) {
    if (!changed.equals(plan)) {
      lastFailure = null;
    }
    plan = changed;
    keep(cause);
  }

  /**
   * Heard of a certificate on the bus. One that is further than the ledger is from before the
   * ledger was lost: the count goes on from there, or nobody would take the newer certificate.
   */
  synchronized void heard(CertChanged known, String eventId) {
    current()
        .filter(
            current ->
                known.generation() > current.entry().generation()
                    || (known.generation() == current.entry().generation()
                        && !known.fingerprint().equals(current.entry().fingerprint())))
        .ifPresent(
            current -> {
              var entry = current.entry();
              log.warn(
                  "the bus knows generation {}, the ledger only {}: counting on from the bus",
                  known.generation(),
                  entry.generation());
              record(
                  current.stored(),
                  known.generation() + 1,
                  entry.mode(),
                  entry.reason(),
                  eventId,
                  null);
            });
  }

  /** Issues what is missing, cannot be used, or ends soon. */
  synchronized void keep(@Nullable String cause) {
    var current = current();
    var usable = current.filter(this::usable);
    switch (plan) {
      case CertificatePlan.SelfSigned own -> {
        if (usable.isEmpty()) {
          makeOwn(current, cause);
        } else if (endsSoon(usable.get()) && !imported(usable.get())) {
          install(selfSigned.issue(own.names()), CertMode.SELF_SIGNED, CertReason.RENEWED, cause);
        }
      }
      case CertificatePlan.Foreign ignored -> {
        // Who follows that manager brings it, and says what is wrong with it.
      }
      case CertificatePlan.Acme ignored -> {
        if (usable.isEmpty()) {
          makeOwn(current, cause);
        }
      }
    }
  }

  /** One that is self-signed, where there is none that can be used. */
  private void makeOwn(Optional<Current> before, @Nullable String cause) {
    var reason = before.isEmpty() ? CertReason.ISSUED : CertReason.REPLACED;
    install(selfSigned.issue(plan.names()), CertMode.SELF_SIGNED, reason, cause);
  }

  /** What keeps this service from doing its work, with the next step. */
  synchronized Optional<String> problem() {
    return Optional.ofNullable(lastFailure);
  }

  /**
   * A new self-signed certificate with a new key, on request.
   *
   * @param trace to which the request belongs
   */
  synchronized Current renew(boolean force, @Nullable TraceContext trace)
      throws RefusedCertificate {
    if (plan instanceof CertificatePlan.Foreign foreign) {
      throw new RefusedCertificate(
          List.of(
              "the certificate is kept by somebody else in "
                  + foreign.source().words()
                  + ": have it renewed there; it is taken from there by itself"));
    }
    if (!(plan instanceof CertificatePlan.SelfSigned own)) {
      throw new RefusedCertificate(
          List.of(
              "the certificate for "
                  + plan.names().getFirst()
                  + " is ordered from an authority, not made here"));
    }
    if (!force && current().filter(CertificateKeeper::imported).isPresent()) {
      throw new RefusedCertificate(
          List.of("the certificate in use was imported; --force replaces it by a self-signed one"));
    }
    return install(
        selfSigned.issue(own.names()), CertMode.SELF_SIGNED, CertReason.RENEWED, null, trace);
  }

  /**
   * Takes a certificate that an operator brought.
   *
   * @param trace to which the request belongs
   */
  synchronized Imported importPair(
      String certificatePem, String keyPem, @Nullable TraceContext trace)
      throws RefusedCertificate {
    if (plan instanceof CertificatePlan.Foreign foreign) {
      throw new RefusedCertificate(
          List.of(
              "the certificate is taken from "
                  + foreign.source().words()
                  + ": put the new one there, or unset tls_external_cert_and_key and"
                  + " USE_FOREIGN_CERT_MANAGER first"));
    }
    try {
      var pair =
          parser.parse(
              certificatePem.getBytes(StandardCharsets.ISO_8859_1),
              keyPem.getBytes(StandardCharsets.ISO_8859_1),
              plan.names());
      var imported =
          install(
              new KeyedChain(pair.chain(), pair.key()),
              CertMode.EXTERNAL,
              CertReason.IMPORTED,
              null,
              trace);
      warnings = pair.warnings();
      return new Imported(imported, pair.warnings());
    } catch (UnusablePair e) {
      throw new RefusedCertificate(e.problems());
    } finally {
      // It is needed again in months.
      parser.close();
    }
  }

  /** Takes what a foreign manager keeps, unless it is in use already. */
  synchronized void takeForeign(ForeignPair pair) {
    if (!(plan instanceof CertificatePlan.Foreign)) {
      return;
    }
    lastFailure = null;
    var current = current();
    if (current.isEmpty() || !current.get().stored().chain().equals(pair.chain())) {
      install(new KeyedChain(pair.chain(), pair.key()), CertMode.EXTERNAL, reason(current), null);
      pair.warnings().forEach(warning -> log.warn("{}", warning));
    }
    warnings = pair.warnings();
  }

  private static CertReason reason(Optional<Current> before) {
    return before
        .map(
            current ->
                current.entry().mode() == CertMode.EXTERNAL && !imported(current)
                    ? CertReason.RENEWED
                    : CertReason.REPLACED)
        .orElse(CertReason.ISSUED);
  }

  /** What a foreign manager keeps cannot be used: what is in use goes on. */
  synchronized void refuseForeign(List<String> problems) {
    if (plan instanceof CertificatePlan.Foreign foreign) {
      fail(
          "the certificate in %s is not taken: %s"
              .formatted(foreign.source().words(), String.join("; ", problems)),
          null);
    }
  }

  /** Where the certificate has to come from. */
  synchronized CertificatePlan plan() {
    return plan;
  }

  /** What an operator should know about the certificate in use. */
  synchronized List<String> warnings() {
    return warnings;
  }

  /**
   * Takes a certificate that an authority issued. One that is in use already, or that the
   * configuration does not ask for any more, is left alone.
   */
  synchronized void installIssued(KeyedChain pair, CertReason reason, @Nullable String cause) {
    var covered = StoredCertificate.names(pair.chain().getFirst());
    if (!(plan instanceof CertificatePlan.Acme wanted)
        || !CertificateCheck.covers(covered, wanted.names().getFirst())) {
      log.warn("a certificate for {} came too late: the configuration has changed", covered);
      return;
    }
    var fingerprint = StoredCertificate.fingerprint(pair.chain().getFirst());
    if (current().filter(now -> now.entry().fingerprint().equals(fingerprint)).isEmpty()) {
      install(pair, CertMode.ACME, reason, cause);
    }
  }

  /** The certificate in use, if the plan's domain can be served with it now. */
  synchronized Optional<Current> usable() {
    return current().filter(this::usable);
  }

  /** The certificate in use, if there is one. */
  synchronized Optional<Current> current() {
    return ledger
        .read()
        .flatMap(
            entry -> store.find(entry.fingerprint()).map(stored -> new Current(entry, stored)));
  }

  private Current install(
      KeyedChain pair, CertMode mode, CertReason reason, @Nullable String cause) {
    return install(pair, mode, reason, cause, null);
  }

  private Current install(
      KeyedChain pair,
      CertMode mode,
      CertReason reason,
      @Nullable String cause,
      @Nullable TraceContext trace) {
    var stored = store.write(pair.chain(), pair.key());
    var generation = ledger.read().map(Ledger.Entry::generation).orElse(0L) + 1;
    return record(stored, generation, mode, reason, cause, trace);
  }

  /** The ledger first: from then on, a crash only delays what follows. */
  private Current record(
      StoredCertificate stored,
      long generation,
      CertMode mode,
      CertReason reason,
      @Nullable String cause,
      @Nullable TraceContext trace) {
    var entry =
        new Ledger.Entry(
            generation,
            stored.fingerprint(),
            mode,
            reason,
            EventBus.newId(),
            bus.now(),
            cause,
            trace);
    ledger.write(entry);
    announce(entry, stored);
    lastFailure = null;
    warnings = List.of();
    log.info("generation {} ({}, {}) is {}", generation, mode, reason, stored.fingerprint());
    return new Current(entry, stored);
  }

  private void announce(Ledger.Entry entry, StoredCertificate stored) {
    store.switchLive(stored);
    var leaf = stored.leaf();
    bus.publish(
        new CertChanged(
            entry.generation(),
            StoredCertificate.names(leaf),
            entry.fingerprint(),
            leaf.getSerialNumber().toString(16),
            leaf.getIssuerX500Principal().getName(),
            leaf.getNotBefore().toInstant(),
            leaf.getNotAfter().toInstant(),
            entry.mode(),
            entry.reason()),
        entry.causationId(),
        entry.eventId(),
        entry.time(),
        entry.trace());
  }

  private void fail(String why, @Nullable String cause) {
    if (!why.equals(lastFailure)) {
      lastFailure = why;
      log.warn("{}", why);
      bus.publish(new RelayActivity.CertIssueFailed(bus.service(), plan.names(), why), cause);
    }
  }

  private boolean usable(Current current) {
    var leaf = current.stored().leaf();
    var start = leaf.getNotBefore().toInstant();
    // A machine whose clock went back must not lose a good certificate for that.
    var now = clock.instant().isBefore(start) ? start : clock.instant();
    var problems =
        CertificateCheck.problems(
            current.stored(), List.of(plan.names().getFirst()), Clock.fixed(now, ZoneOffset.UTC));
    if (!problems.isEmpty()) {
      log.warn("generation {}: {}", current.entry().fingerprint(), String.join("; ", problems));
    }
    return problems.isEmpty();
  }

  private boolean endsSoon(Current current) {
    var end = current.stored().leaf().getNotAfter().toInstant();
    return clock.instant().isAfter(end.minus(RENEW_BEFORE));
  }

  private static boolean imported(Current current) {
    return current.entry().reason() == CertReason.IMPORTED;
  }
}
