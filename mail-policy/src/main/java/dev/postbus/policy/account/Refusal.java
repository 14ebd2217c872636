package dev.postbus.policy.account;

/**
 * Why a first login makes no account.
 *
 * @param reason which rule
 * @param words for the log
 */
public record Refusal(Reason reason, String words) {
  /** Which rule. */
  public enum Reason {
    /** A file blocks creation. */
    CREATION_BLOCKED,
    /** Nobody may have a new account. */
    CLOSED,
    /** Only who is invited may, and this one is not. */
    NOT_INVITED,
    /** The password is too short or too long. */
    PASSWORD_LENGTH,
    /** The local part is. */
    NAME_LENGTH,
    /** The local part has other letters than it may. */
    NAME_LETTERS,
    /** The load average is too high. */
    LOAD,
    /** Too little memory is available. */
    MEMORY,
    /** Too little disk space is free. */
    DISK,
    /** What the machine has left cannot be read. */
    UNKNOWN_LOAD
  }
}
