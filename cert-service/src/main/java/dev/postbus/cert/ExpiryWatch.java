package dev.postbus.cert;

import dev.postbus.certificates.StoredCertificate;
import dev.postbus.events.DurableFile;
import dev.postbus.events.EventBus;
import dev.postbus.events.RelayActivity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that the certificate in use ends soon: within seven days, or within the last third of its
 * life where that is shorter, as it is with certificates of six days. Each is told once, over
 * restarts too, by a file that holds the last one's fingerprint.
 */
final class ExpiryWatch {
  private static final Logger log = LoggerFactory.getLogger(ExpiryWatch.class);
  private static final Duration SOON = Duration.ofDays(7);

  private final CertificateKeeper keeper;
  private final EventBus bus;
  private final Path toldFile;
  private final Clock clock;

  /**
   * A watch.
   *
   * @param toldFile kept between starts; its folder must exist by the first look
   */
  ExpiryWatch(CertificateKeeper keeper, EventBus bus, Path toldFile, Clock clock) {
    this.keeper = keeper;
    this.bus = bus;
    this.toldFile = toldFile;
    this.clock = clock;
  }

  /** What is to be said of the certificate in use, with the next step; empty while it has time. */
  Optional<String> problem() {
    return keeper.current().filter(current -> soon(current.stored().leaf())).map(this::words);
  }

  /** How long the certificate in use is valid yet; negative once it has ended. */
  Optional<Duration> left() {
    return keeper
        .current()
        .map(current -> Duration.between(clock.instant(), end(current.stored().leaf())));
  }

  /** Publishes what has not been published. */
  void look() {
    keeper
        .current()
        .filter(current -> soon(current.stored().leaf()))
        .filter(current -> !current.entry().fingerprint().equals(told()))
        .ifPresent(this::tell);
  }

  private void tell(CertificateKeeper.Current current) {
    var entry = current.entry();
    log.warn("{}", words(current));
    // The same id each time: a crash before the file is written makes no other event of it.
    bus.publish(
        new RelayActivity.CertExpiring(
            bus.service(),
            entry.generation(),
            entry.fingerprint(),
            StoredCertificate.names(current.stored().leaf()),
            end(current.stored().leaf()),
            entry.mode(),
            nextStep()),
        entry.eventId(),
        "cert-expiring-" + entry.fingerprint(),
        bus.now());
    try {
      DurableFile.write(toldFile, entry.fingerprint().getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + toldFile, e);
    }
  }

  private String told() {
    try {
      return Files.exists(toldFile) ? Files.readString(toldFile, StandardCharsets.US_ASCII) : "";
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + toldFile, e);
    }
  }

  private String words(CertificateKeeper.Current current) {
    var end = end(current.stored().leaf());
    return (clock.instant().isAfter(end)
            ? "the certificate expired at " + end
            : "the certificate expires at " + end + ", and there is no successor yet")
        + ": "
        + nextStep();
  }

  private String nextStep() {
    return switch (keeper.plan()) {
      case CertificatePlan.Foreign foreign ->
          "see why it is not renewed in " + foreign.source().words();
      case CertificatePlan.Acme ignored ->
          "see why it is not renewed with: postbus cert show, postbus events";
      case CertificatePlan.SelfSigned ignored ->
          "make another one with: postbus cert renew --force";
    };
  }

  private boolean soon(X509Certificate leaf) {
    var life = Duration.between(leaf.getNotBefore().toInstant(), end(leaf));
    var third = life.dividedBy(3);
    var soon = third.compareTo(SOON) < 0 ? third : SOON;
    return clock.instant().isAfter(end(leaf).minus(soon));
  }

  private static Instant end(X509Certificate leaf) {
    return leaf.getNotAfter().toInstant();
  }
}
