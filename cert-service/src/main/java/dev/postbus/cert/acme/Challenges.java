package dev.postbus.cert.acme;

import org.shredzone.acme4j.Identifier;
import org.shredzone.acme4j.challenge.Challenge;

/** Puts into its place what proves that a name is ours. */
interface Challenges {
  /** The type of challenge, as RFC 8555 names it. */
  String type();

  /**
   * Puts the proof into its place; returns when it can be seen there.
   *
   * @param challenge of the type above
   * @throws AcmeFailure of the kind {@link FailureKind#CHALLENGE_SETUP}
   */
  void present(Identifier name, Challenge challenge) throws AcmeFailure, InterruptedException;

  /** Takes away what was put there; does its best. */
  void withdraw(Identifier name, Challenge challenge);
}
