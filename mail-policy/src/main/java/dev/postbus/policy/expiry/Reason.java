package dev.postbus.policy.expiry;

/** Why something is removed. */
public enum Reason {
  /** A mailbox: nobody has logged in for long. */
  INACTIVE,
  /** A mailbox: it has neither a password nor mail. */
  EMPTY,
  /** A mail: old. */
  OLD,
  /** A mail: large, seen, and not quite new. */
  LARGE,
  /** A mail: the oldest of a mailbox that holds too much. */
  QUOTA
}
