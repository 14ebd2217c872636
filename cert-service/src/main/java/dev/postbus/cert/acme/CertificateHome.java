package dev.postbus.cert.acme;

import dev.postbus.events.CertMode;
import dev.postbus.events.CertReason;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Where issued certificates go, and what is there already. */
public interface CertificateHome {
  /**
   * A certificate that can be used now.
   *
   * @param leaf its leaf
   * @param fingerprint SHA-256 of the leaf, lower-case hex
   * @param mode where it comes from
   */
  record InUse(X509Certificate leaf, String fingerprint, CertMode mode) {}

  /** The certificate in use; empty if there is none that can be used. */
  Optional<InUse> inUse();

  /**
   * Takes a certificate into use, durably. Taking the same one again does nothing.
   *
   * @param chain leaf first
   * @param key the leaf's
   * @param cause id of the event that this answers
   */
  void install(List<X509Certificate> chain, PrivateKey key, CertReason reason, String cause);
}
