/**
 * Decides about mail and accounts: an unprivileged process that Postfix and Dovecot ask. Plain
 * Java: blocking code on virtual threads.
 */
@org.jspecify.annotations.NullMarked
package dev.postbus.policy;
