package dev.postbus.applier;

import dev.postbus.certificates.TlsProbe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** Asks a listener for its certificate until it serves the one that it should. */
final class CertificateProof {
  private static final Duration ONE_TRY = Duration.ofSeconds(3);
  private static final Duration PAUSE = Duration.ofMillis(25);

  private final InetAddress address;
  private final String domain;
  private final Duration patience;

  /**
   * A proof.
   *
   * @param patience how long a listener may take
   */
  CertificateProof(InetAddress address, String domain, Duration patience) {
    this.patience = patience;
    this.address = address;
    this.domain = domain;
  }

  /** Why a listener does not serve the certificate; empty when it does. */
  Optional<String> missing(TlsListener listener, String fingerprint) {
    var deadline = System.nanoTime() + patience.toNanos();
    var last = "";
    while (System.nanoTime() < deadline) {
      try {
        var served =
            TlsProbe.fingerprint(
                new InetSocketAddress(address, listener.port()),
                listener.protocol(),
                domain,
                ONE_TRY);
        if (served.equals(fingerprint)) {
          return Optional.empty();
        }
        last = "it serves " + served;
      } catch (IOException e) {
        last = String.valueOf(e.getMessage());
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.of("interrupted");
      }
    }
    return Optional.of(last);
  }
}
