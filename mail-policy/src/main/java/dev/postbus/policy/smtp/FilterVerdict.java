package dev.postbus.policy.smtp;

/** What a filter makes of a message, as far as metrics tell it apart. */
public enum FilterVerdict {
  /** Passed: encrypted. */
  ENCRYPTED,
  /** Passed: a request of the Secure-Join protocol. */
  SECURE_JOIN,
  /** Passed: an Autocrypt Setup Message to oneself. */
  SETUP_MESSAGE,
  /** Passed: a mail server's report. */
  MAILER_DAEMON,
  /** Passed: not encrypted, and all recipients accept that. */
  ACCEPTED_CLEARTEXT,
  /** Refused: not encrypted. */
  REFUSED_CLEARTEXT,
  /** Refused: the From header is not the sender. */
  REFUSED_AUTHOR,
  /** Refused: the sender is no address. */
  REFUSED_SENDER,
  /** Refused: no DKIM signature. */
  REFUSED_UNSIGNED,
  /** Refused: no valid DKIM signature of the author's domain. */
  REFUSED_SIGNATURE,
  /** Refused: too large. */
  REFUSED_SIZE,
  /** Refused: a CR or LF by itself. */
  REFUSED_LINE_END,
  /** Put off: the sender sends too much. */
  PUT_OFF_RATE,
  /** Put off: a DKIM key could not be looked up. */
  PUT_OFF_KEY,
  /** Put off: as many messages are under way as there is room for. */
  PUT_OFF_CROWD
}
