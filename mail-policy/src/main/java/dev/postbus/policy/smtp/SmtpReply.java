package dev.postbus.policy.smtp;

/**
 * A reply of an SMTP server.
 *
 * @param code three digits
 * @param text all that follows on its last line
 */
record SmtpReply(int code, String text) {
  boolean positive() {
    return code >= 200 && code < 400;
  }

  @Override
  public String toString() {
    return code + " " + text;
  }
}
