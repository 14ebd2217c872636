package dev.postbus.cert.acme;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.PollableResource;
import org.shredzone.acme4j.Status;

/**
 * Waits for an authority to be done with something, at the pace that it asks for, or else soon and
 * then ever more seldom.
 *
 * @param ca the authority
 */
record Polling(CaSession ca) {
  private static final Duration FIRST_LOOK = Duration.ofMillis(100);
  private static final Duration LAST_LOOK = Duration.ofSeconds(3);
  private static final Duration LONGEST = Duration.ofMinutes(3);
  private static final String NOT_FOUND = "the order was not found";

  Status status(PollableResource resource) throws AcmeFailure, InterruptedException {
    return ca.ask(FailureKind.ORDER_REJECTED, NOT_FOUND, resource::getStatus);
  }

  /** The first status that is none of these. */
  Status past(PollableResource resource, Set<Status> states)
      throws AcmeFailure, InterruptedException {
    var deadline = System.nanoTime() + LONGEST.toNanos();
    var pause = FIRST_LOOK;
    var status = status(resource);
    while (states.contains(status)) {
      var asked = ca.ask(FailureKind.ORDER_REJECTED, NOT_FOUND, resource::fetch);
      status = status(resource);
      if (states.contains(status)) {
        if (System.nanoTime() > deadline) {
          throw new AcmeFailure(
              FailureKind.SERVER_ERROR,
              "%s is not done after %d s"
                  .formatted(ca.session().getServerUri(), LONGEST.toSeconds()),
              null);
        }
        Thread.sleep(wait(asked.orElse(null), pause));
        var next = pause.multipliedBy(2);
        pause = next.compareTo(LAST_LOOK) > 0 ? LAST_LOOK : next;
      }
    }
    return status;
  }

  private static Duration wait(@Nullable Instant asked, Duration pause) {
    if (asked == null) {
      return pause;
    }
    var wait = Duration.between(Instant.now(), asked);
    if (wait.isNegative()) {
      return pause;
    }
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }
}
