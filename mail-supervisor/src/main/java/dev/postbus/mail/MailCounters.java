package dev.postbus.mail;

import dev.postbus.supervision.ProcessStatus;
import java.util.List;

/**
 * What this service counts, for mail-policy to tell with its metrics.
 *
 * @param postfixTimeouts clients whom Postfix waited for in vain
 * @param daemons the processes
 */
public record MailCounters(long postfixTimeouts, List<Daemon> daemons) {
  /**
   * A process.
   *
   * @param ready whether it serves
   * @param restarts how often it was started again after it ended unasked
   */
  public record Daemon(String name, boolean ready, int restarts) {}

  static MailCounters of(PostfixTimeouts timeouts, List<ProcessStatus> processes) {
    return new MailCounters(
        timeouts.count(),
        processes.stream()
            .map(one -> new Daemon(one.name(), one.ready(), one.restarts()))
            .toList());
  }
}
