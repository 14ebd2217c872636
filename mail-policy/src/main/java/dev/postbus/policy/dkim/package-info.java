/**
 * DKIM signatures of mail from other servers (RFC 6376, 8301, 8463): tag lists, canonical forms and
 * hashes come from Apache James jDKIM; which signatures count is decided here.
 */
@org.jspecify.annotations.NullMarked
package dev.postbus.policy.dkim;
