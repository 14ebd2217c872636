package dev.postbus.policy.smtp;

/**
 * A reply of an SMTP server.
 *
 * @param code three digits
 * @param text what follows; lines of a reply with several are separated by LF
 */
record SmtpReply(int code, String text) {
  /** Done (RFC 5321 section 4.2.1). */
  boolean done() {
    return code >= 200 && code < 300;
  }

  /** Refused for good, so that trying again is of no use. */
  boolean permanent() {
    return code >= 500;
  }

  /** As it goes over the wire, without the last line's end. */
  @Override
  public String toString() {
    return text.indexOf('\n') < 0
        ? code + " " + text
        : code
            + "-"
            + text.substring(0, text.lastIndexOf('\n')).replace("\n", "\r\n" + code + "-")
            + "\r\n"
            + code
            + " "
            + text.substring(text.lastIndexOf('\n') + 1);
  }
}
