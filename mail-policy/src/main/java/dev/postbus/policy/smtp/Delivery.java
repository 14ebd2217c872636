package dev.postbus.policy.smtp;

/** Takes messages that passed. */
@FunctionalInterface
interface Delivery {
  /** Hands a message on; done only if whoever takes it now answers for it. */
  SmtpReply deliver(Envelope envelope, Spool message);
}
