package dev.postbus.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The clock, by what the certificate and the files of the state say of the time.
 *
 * @param state the state folder
 * @param clock the machine's
 */
public record ClockCheck(Path state, Clock clock) implements Check {
  private static final Duration TOLERANCE = Duration.ofMinutes(5);
  private static final String SET_IT =
      "set the clock, and keep it right, for example with systemd-timesyncd or chrony, on the host";

  @Override
  public String name() {
    return "clock";
  }

  @Override
  public List<Finding> look() {
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    var chain = state.resolve("certs/live/fullchain.pem");
    if (!Files.exists(chain)) {
      return List.of(ok("it is %s; there is no certificate to compare it with".formatted(now)));
    }
    try (var in = Files.newInputStream(chain)) {
      var factory = CertificateFactory.getInstance("X.509");
      var certificate = (X509Certificate) factory.generateCertificate(in);
      return List.of(
          compared(
              now,
              certificate.getNotBefore().toInstant(),
              certificate.getNotAfter().toInstant(),
              Files.getLastModifiedTime(chain).toInstant()));
    } catch (IOException | CertificateException e) {
      return List.of(
          warning(
              "the certificate in %s cannot be read: %s".formatted(chain, e.getMessage()),
              "run this as root, or see: ./postbus cert show"));
    }
  }

  private Finding compared(Instant now, Instant begin, Instant end, Instant written) {
    if (now.isBefore(begin)) {
      return problem(
          "it is %s here, and the certificate begins at %s: clients will refuse it"
              .formatted(now, begin),
          SET_IT);
    }
    if (now.isAfter(end)) {
      return problem(
          "it is %s here, and the certificate ended at %s: clients will refuse it"
              .formatted(now, end),
          "see why there is no new one: ./postbus cert show; if the time is wrong, " + SET_IT);
    }
    return written.isAfter(now.plus(TOLERANCE))
        ? warning(
            "it is %s here, and the certificate was written at %s".formatted(now, written), SET_IT)
        : ok("it is %s, within the certificate's time, until %s".formatted(now, end));
  }
}
