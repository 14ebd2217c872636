package dev.postbus.cert;

import dev.postbus.certificates.CertificateCheck;
import dev.postbus.certificates.CertificateStore;
import dev.postbus.certificates.StoredCertificate;
import dev.postbus.events.CertChanged;
import dev.postbus.events.CertMode;
import dev.postbus.events.CertReason;
import dev.postbus.events.EventBus;
import dev.postbus.events.RelayActivity;
import java.time.Clock;
import java.time.Duration;
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
  private final PemImport pemImport;
  private final Clock clock;
  private CertificatePlan plan;
  private @Nullable String lastFailure;

  CertificateKeeper(
      CertificateStore store, Ledger ledger, EventBus bus, CertificatePlan plan, Clock clock) {
    this.store = store;
    this.ledger = ledger;
    this.bus = bus;
    this.plan = plan;
    this.clock = clock;
    this.selfSigned = new SelfSigned(clock);
    this.pemImport = new PemImport(clock);
  }

  /** The certificate in use. */
  record Current(Ledger.Entry entry, StoredCertificate stored) {}

  /** What came of an import. */
  record Imported(Current current, List<String> warnings) {}

  /** Makes good what a crash left undone, then does what the plan asks for. */
  synchronized void start() {
    store.prepare();
    ledger
        .read()
        .ifPresent(
            entry -> {
              var stored = store.find(entry.fingerprint());
              if (stored.isEmpty()) {
                log.warn("generation {} is not in the store any more", entry.fingerprint());
              } else {
                announce(entry, stored.get(), null);
              }
            });
    keep(null);
  }

  /** The configuration changed. */
  synchronized void follow(CertificatePlan changed, @Nullable String cause) {
    plan = changed;
    keep(cause);
  }

  /** Issues what is missing, does not cover the names, or ends soon. */
  synchronized void keep(@Nullable String cause) {
    var current = current();
    var covers =
        current.isPresent()
            && CertificateCheck.covers(
                StoredCertificate.names(current.get().stored().leaf()), plan.names().getFirst());
    switch (plan) {
      case CertificatePlan.SelfSigned own -> {
        if (!covers) {
          var reason = current.isEmpty() ? CertReason.ISSUED : CertReason.REPLACED;
          install(selfSigned.issue(own.names()), CertMode.SELF_SIGNED, reason, cause);
        } else if (endsSoon(current.get()) && !imported(current.get())) {
          install(selfSigned.issue(own.names()), CertMode.SELF_SIGNED, CertReason.RENEWED, cause);
        }
      }
      case CertificatePlan.Imported missing -> {
        if (!covers) {
          fail(
              missing.why()
                  + ": bring a certificate for "
                  + missing.names().getFirst()
                  + " with: postbus cert import CERT KEY",
              cause);
        }
      }
    }
  }

  /** A new self-signed certificate with a new key, on request. */
  synchronized Current renew(boolean force) throws RefusedCertificate {
    if (!(plan instanceof CertificatePlan.SelfSigned own)) {
      throw new RefusedCertificate(
          List.of(
              "the certificate for " + plan.names().getFirst() + " is imported, not made here"));
    }
    if (!force && current().filter(CertificateKeeper::imported).isPresent()) {
      throw new RefusedCertificate(
          List.of("the certificate in use was imported; --force replaces it by a self-signed one"));
    }
    return install(selfSigned.issue(own.names()), CertMode.SELF_SIGNED, CertReason.RENEWED, null);
  }

  /** Takes a certificate that an operator brought. */
  synchronized Imported importPair(String certificatePem, String keyPem) throws RefusedCertificate {
    var accepted = pemImport.read(certificatePem, keyPem, plan.names());
    var current = install(accepted.pair(), CertMode.EXTERNAL, CertReason.IMPORTED, null);
    return new Imported(current, accepted.warnings());
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
    var stored = store.write(pair.chain(), pair.key());
    var generation = ledger.read().map(Ledger.Entry::generation).orElse(0L) + 1;
    var entry =
        new Ledger.Entry(
            generation, stored.fingerprint(), mode, reason, EventBus.newId(), bus.now());
    ledger.write(entry);
    announce(entry, stored, cause);
    lastFailure = null;
    log.info("generation {} ({}, {}) is {}", generation, mode, reason, stored.fingerprint());
    return new Current(entry, stored);
  }

  private void announce(Ledger.Entry entry, StoredCertificate stored, @Nullable String cause) {
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
        cause,
        entry.eventId(),
        entry.time());
  }

  private void fail(String why, @Nullable String cause) {
    if (!why.equals(lastFailure)) {
      lastFailure = why;
      log.warn("{}", why);
      bus.publish(new RelayActivity.CertIssueFailed(bus.service(), plan.names(), why), cause);
    }
  }

  private boolean endsSoon(Current current) {
    var end = current.stored().leaf().getNotAfter().toInstant();
    return clock.instant().isAfter(end.minus(RENEW_BEFORE));
  }

  private static boolean imported(Current current) {
    return current.entry().reason() == CertReason.IMPORTED;
  }
}
