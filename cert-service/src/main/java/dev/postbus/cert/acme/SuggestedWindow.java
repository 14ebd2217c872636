package dev.postbus.cert.acme;

import java.net.URL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.connector.Resource;

/**
 * When an authority wants a certificate to be renewed (RFC 9773, section 4.2).
 *
 * @param start of the window
 * @param end of the window, not before its start
 * @param explanation a page that says why
 * @param retryAfter when to ask again
 */
record SuggestedWindow(
    Instant start, Instant end, Optional<URL> explanation, Optional<Duration> retryAfter) {

  /** Asks; empty if the authority has no such service. */
  static Optional<SuggestedWindow> ask(CaSession ca, Login login, X509Certificate leaf)
      throws AcmeFailure, InterruptedException {
    var offered =
        ca.ask(
            FailureKind.SERVER_ERROR,
            "the directory was not handed out",
            () -> ca.session().resourceUrlOptional(Resource.RENEWAL_INFO));
    if (offered.isEmpty()) {
      return Optional.empty();
    }
    return ca.ask(
        FailureKind.ORDER_REJECTED,
        "no renewal information",
        () -> {
          var info = login.bindRenewalInfo(leaf);
          var retryAfter = info.fetch().map(time -> Duration.between(Instant.now(), time));
          // Throws where the window ends before it starts.
          info.renewalIsNotRequired(Instant.now());
          return Optional.of(
              new SuggestedWindow(
                  info.getSuggestedWindowStart(),
                  info.getSuggestedWindowEnd(),
                  info.getExplanation(),
                  retryAfter));
        });
  }
}
