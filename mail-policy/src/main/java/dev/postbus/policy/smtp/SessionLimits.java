package dev.postbus.policy.smtp;

import java.time.Duration;

/**
 * What one connection to a filter may cost.
 *
 * @param session longest time of all of it; a sender that gives a byte a second ends here
 * @param delivery longest time of handing a message on, less than the 100 s that Postfix waits for
 *     a filter: what it has given up must not be delivered behind its back
 * @param idleHop how long a connection to the next server is kept for the next message; short, as
 *     it holds on to the configuration that the server had when it began
 * @param mostErrors wrong commands before the connection is closed
 * @param mostRecipients recipients of a message
 */
record SessionLimits(
    Duration session, Duration delivery, Duration idleHop, int mostErrors, int mostRecipients) {
  static final SessionLimits USUAL =
      new SessionLimits(
          Duration.ofMinutes(10), Duration.ofSeconds(90), Duration.ofSeconds(1), 20, 2000);
}
