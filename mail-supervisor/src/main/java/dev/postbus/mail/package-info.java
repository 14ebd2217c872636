/**
 * Owns the mail daemons: renders their configuration from the relay's, runs postfix, dovecot and
 * mail-policy, applies changes, and says what came of them.
 */
@org.jspecify.annotations.NullMarked
package dev.postbus.mail;
