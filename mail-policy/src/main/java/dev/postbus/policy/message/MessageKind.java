package dev.postbus.policy.message;

/** What a message is, as far as a relay cares. */
public enum MessageKind {
  /** End-to-end encrypted with OpenPGP. */
  ENCRYPTED,
  /** A request of the Secure-Join protocol, which has to be readable. */
  SECURE_JOIN_REQUEST,
  /** Looks like an Autocrypt Setup Message; only good when sent to oneself. */
  AUTOCRYPT_SETUP,
  /** A report by a mail server. */
  REPORT,
  /** Anything else. */
  CLEARTEXT
}
