package dev.postbus.web;

import dev.postbus.events.RelayConfiguration;
import dev.postbus.web.services.ServiceAway;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers those who want an account. What is refused is so in the form that Delta Chat's core shows
 * to people: a {@code reason}.
 *
 * @param offer thinks up accounts
 * @param desk knows whether accounts are made, and takes uses of invitations
 */
record Registrar(AccountOffer offer, MailDesk desk) {
  private static final Logger log = LoggerFactory.getLogger(Registrar.class);

  /**
   * An answer.
   *
   * @param status HTTP's
   * @param body written as JSON
   */
  record Answer(int status, Map<String, String> body) {
    /** There is no configuration yet, or somebody who has to be asked is away. */
    static Answer notYet() {
      return refused(503, "This relay cannot make accounts at the moment. Please try again soon.");
    }

    private static Answer refused(int status, String reason) {
      return new Answer(status, Map.of("reason", reason));
    }
  }

  /**
   * Makes an account up, for the first login to make it.
   *
   * @param invite an invitation's token; empty if none was shown
   */
  Answer register(RelayConfiguration configuration, String invite) {
    return switch (configuration.registration()) {
      case "open" -> blocked() ? closed() : new Answer(200, offer.make(configuration));
      case "invite" -> invited(configuration, invite);
      default -> closed();
    };
  }

  private static Answer closed() {
    return Answer.refused(403, "This relay makes no new accounts.");
  }

  /** If nobody can be asked, the first login will tell. */
  private boolean blocked() {
    try {
      return desk.creationBlocked();
    } catch (ServiceAway e) {
      log.warn("nobody can be asked whether accounts are made: {}", e.getMessage());
      return false;
    }
  }

  private Answer invited(RelayConfiguration configuration, String invite) {
    if (invite.isEmpty()) {
      return Answer.refused(403, "This relay makes new accounts by invitation only.");
    }
    if (!invite.matches(PersonalPages.TOKEN)) {
      return Answer.refused(403, "This is no invitation of this relay: some of it may be missing.");
    }
    var account = offer.make(configuration);
    try {
      return desk.claim(
              invite, account.getOrDefault("email", ""), account.getOrDefault("password", ""))
          .map(reason -> Answer.refused(403, reason))
          .orElseGet(() -> new Answer(200, account));
    } catch (ServiceAway e) {
      log.warn("nobody can be asked about invitations: {}", e.getMessage());
      return Answer.notYet();
    }
  }
}
