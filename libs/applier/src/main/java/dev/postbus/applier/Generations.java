package dev.postbus.applier;

import dev.postbus.certificates.CertificateCheck;
import dev.postbus.certificates.CertificateStore;
import dev.postbus.certificates.StoredCertificate;
import dev.postbus.events.CertChanged;
import dev.postbus.events.Envelope;
import dev.postbus.events.RelayConfiguration;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The generations that events name, out of the store, checked before daemons get them. */
final class Generations {
  private static final Logger log = LoggerFactory.getLogger(Generations.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long LEAST_MILLIS = 1000;

  private final CertificateStore store;
  private final Clock clock;

  Generations(CertificateStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * The generation of an event, which another machine may be writing yet. It was there when the
   * event was made, so that of an old event is not waited for: it is gone, or of another store.
   */
  StoredCertificate await(Envelope<CertChanged> change, RelayConfiguration configuration)
      throws UnusableCertificate {
    var age = Duration.between(change.time(), clock.instant()).toMillis();
    var left = Math.clamp(PATIENCE.toMillis() - age, LEAST_MILLIS, PATIENCE.toMillis());
    return generation(change.event(), configuration, Duration.ofMillis(left));
  }

  /**
   * The certificate that was applied last; if it has ended meanwhile, or has gone from the store,
   * the one that is in use by now.
   */
  StoredCertificate usableNow(CertChanged applied, RelayConfiguration configuration)
      throws UnusableCertificate {
    try {
      return generation(applied, configuration, Duration.ZERO);
    } catch (UnusableCertificate e) {
      var live = store.live();
      if (live.isEmpty() || !problems(live.get(), configuration).isEmpty()) {
        throw e;
      }
      log.warn(
          "generation {}: {}; starting with a newer one", applied.generation(), e.getMessage());
      return live.get();
    }
  }

  private StoredCertificate generation(
      CertChanged event, RelayConfiguration configuration, Duration patience)
      throws UnusableCertificate {
    try {
      var stored =
          store
              .await(event.fingerprint(), patience)
              .orElseThrow(
                  () ->
                      new UnusableCertificate(
                          "generation " + event.fingerprint() + " is not in the store"));
      var problems = problems(stored, configuration);
      if (!problems.isEmpty()) {
        throw new UnusableCertificate(String.join("; ", problems));
      }
      return stored;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnusableCertificate("interrupted");
    }
  }

  private List<String> problems(StoredCertificate stored, RelayConfiguration configuration) {
    return CertificateCheck.problems(stored, List.of(configuration.mailDomain()), clock);
  }
}
