package dev.postbus.cert.acme;

import java.util.ArrayList;
import java.util.Set;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;

/**
 * Proves to an authority that names are ours (RFC 8555, section 7.5).
 *
 * @param ca the authority
 * @param challenges how that is done
 * @param polling waits for the authority's opinion
 */
record Proofs(CaSession ca, Challenges challenges, Polling polling) {
  /** What was presented for a name. */
  private record Presented(Authorization authorization, Challenge challenge) {}

  /** Proves all names of an order that are not proven yet; takes away afterwards what it put up. */
  void prove(Order order) throws AcmeFailure, InterruptedException {
    var presented = new ArrayList<Presented>();
    try {
      for (var authorization : order.getAuthorizations()) {
        if (polling.status(authorization) == Status.PENDING) {
          var challenge = challengeOf(authorization);
          presented.add(new Presented(authorization, challenge));
          challenges.present(authorization.getIdentifier(), challenge);
        }
      }
      for (var one : presented) {
        if (one.challenge().getStatus() == Status.PENDING) {
          ca.send(
              FailureKind.CHALLENGE_REJECTED,
              "the challenge for " + one.authorization().getIdentifier() + " was not taken",
              one.challenge()::trigger);
        }
      }
      for (var one : presented) {
        awaitProof(one.authorization());
      }
    } finally {
      for (var one : presented) {
        challenges.withdraw(one.authorization().getIdentifier(), one.challenge());
      }
    }
  }

  private Challenge challengeOf(Authorization authorization) throws AcmeFailure {
    var offered = authorization.getChallenges();
    return offered.stream()
        .filter(challenge -> challenge.getType().equals(challenges.type()))
        .findFirst()
        .orElseThrow(
            () ->
                new AcmeFailure(
                    FailureKind.CHALLENGE_SETUP,
                    "%s offers no %s for %s, only %s: choose one of these in POSTBUS_ACME_CHALLENGE"
                        .formatted(
                            ca.session().getServerUri(),
                            challenges.type(),
                            authorization.getIdentifier(),
                            offered.stream().map(Challenge::getType).toList()),
                    null));
  }

  private void awaitProof(Authorization authorization) throws AcmeFailure, InterruptedException {
    var status = polling.past(authorization, Set.of(Status.PENDING, Status.PROCESSING));
    if (status != Status.VALID) {
      var error =
          authorization.getChallenges().stream()
              .flatMap(challenge -> challenge.getError().stream())
              .findFirst();
      throw new AcmeFailure(
          FailureKind.CHALLENGE_REJECTED,
          "%s does not see the %s proof for %s%s"
              .formatted(
                  ca.session().getServerUri(),
                  challenges.type(),
                  authorization.getIdentifier(),
                  error.map(problem -> ": " + problem).orElse("")),
          null);
    }
  }
}
