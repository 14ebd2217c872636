/**
 * DKIM signatures of mail from other servers (RFC 6376, 8301, 8463): tag lists and the checks of
 * key records come from Apache James jDKIM; canonical forms, and which signatures count, are here.
 */
@org.jspecify.annotations.NullMarked
package dev.postbus.policy.dkim;
