package dev.postbus.cert.acme;

import dev.postbus.cert.acme.OrderDesk.Due;
import dev.postbus.certificates.CertificateCheck;
import dev.postbus.certificates.StoredCertificate;
import dev.postbus.events.CertMode;
import dev.postbus.events.CertReason;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a certificate is wanted now, and why.
 *
 * @param renewal knows when the one in use is renewed
 */
record DueCheck(Renewal renewal, Clock clock) {
  /**
   * Decides.
   *
   * @param inUse what can be used now
   * @param asked whether an operator wants a new one
   * @param underWay whether an order has been begun
   * @param cause the event that says what is needed
   */
  Optional<Due> due(
      Need wanted,
      Optional<CertificateHome.InUse> inUse,
      boolean asked,
      boolean underWay,
      @Nullable String cause)
      throws InterruptedException {
    if (inUse.isEmpty() || inUse.get().mode() == CertMode.SELF_SIGNED) {
      return Optional.of(
          new Due(
              "there is no certificate by an authority",
              CertReason.ISSUED,
              Optional.empty(),
              cause));
    }
    var current = inUse.get();
    var own = current.mode() == CertMode.ACME;
    var covered = StoredCertificate.names(current.leaf());
    var missing =
        wanted.names().stream().filter(name -> !CertificateCheck.covers(covered, name)).toList();
    if (own && !missing.isEmpty()) {
      return Optional.of(
          new Due(
              "the certificate does not cover " + missing,
              CertReason.REPLACED,
              Optional.empty(),
              cause));
    }
    var replaced = own ? Optional.of(current.leaf()) : Optional.<X509Certificate>empty();
    var plan = renewal.plan(current);
    return Optional.of(plan)
        .filter(due -> !clock.instant().isBefore(due.at()))
        .map(due -> "renewal: " + due.why())
        .or(() -> asked ? Optional.of("an operator asked for it") : Optional.empty())
        .or(() -> underWay ? Optional.of("an order is under way") : Optional.empty())
        .map(words -> new Due(words, CertReason.RENEWED, replaced, null));
  }
}
