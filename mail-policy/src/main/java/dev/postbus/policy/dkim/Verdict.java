package dev.postbus.policy.dkim;

/** What the signatures of a message are worth. */
public enum Verdict {
  /** At least one is valid and of the author's domain. */
  VALID,
  /** There is none. */
  UNSIGNED,
  /** None of them is valid and of the author's domain. */
  INVALID,
  /** A key could not be looked up now. */
  UNKNOWN
}
