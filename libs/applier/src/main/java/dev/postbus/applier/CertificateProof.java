package dev.postbus.applier;

import dev.postbus.certificates.TlsProbe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Asks a listener for its certificate until it serves the one that it should. */
final class CertificateProof {
  // A process of before a reload may take the client and answer late; the next try finds a new one.
  private static final Duration FIRST_TRY = Duration.ofMillis(250);
  private static final Duration LONGEST_TRY = Duration.ofSeconds(3);
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
    var oneTry = FIRST_TRY;
    while (System.nanoTime() < deadline) {
      try {
        var served =
            TlsProbe.fingerprint(
                new InetSocketAddress(address, listener.port()),
                listener.protocol(),
                domain,
                oneTry);
        if (served.equals(fingerprint)) {
          return Optional.empty();
        }
        last = "it serves " + served;
      } catch (IOException e) {
        last = String.valueOf(e.getMessage());
        oneTry = Collections.min(List.of(oneTry.multipliedBy(2), LONGEST_TRY));
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
