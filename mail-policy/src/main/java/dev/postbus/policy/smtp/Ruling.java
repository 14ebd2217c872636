package dev.postbus.policy.smtp;

/** What is to become of a message. */
sealed interface Ruling {
  /** What it counts as. */
  FilterVerdict verdict();

  /** It goes on. */
  record Passed(FilterVerdict verdict) implements Ruling {}

  /**
   * It does not.
   *
   * @param reply what its sender is told
   */
  record Refused(FilterVerdict verdict, SmtpReply reply) implements Ruling {}
}
