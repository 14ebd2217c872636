package dev.postbus.mail;

import dev.postbus.events.CertChanged;
import dev.postbus.supervision.ProcessStatus;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What this service counts, for mail-policy to tell with its metrics.
 *
 * @param postfixTimeouts clients whom Postfix waited for in vain
 * @param certificateEnd when the certificate that is served ends, in seconds since 1970; null while
 *     none is
 * @param daemons the processes
 */
public record MailCounters(
    long postfixTimeouts, @Nullable Long certificateEnd, List<Daemon> daemons) {
  /**
   * A process.
   *
   * @param ready whether it serves
   * @param restarts how often it was started again after it ended unasked
   */
  public record Daemon(String name, boolean ready, int restarts) {}

  static MailCounters of(
      PostfixTimeouts timeouts, Optional<CertChanged> served, List<ProcessStatus> processes) {
    return new MailCounters(
        timeouts.count(),
        served.map(certificate -> certificate.notAfter().getEpochSecond()).orElse(null),
        processes.stream()
            .map(one -> new Daemon(one.name(), one.ready(), one.restarts()))
            .toList());
  }
}
