/**
 * Gets certificates by ACME (RFC 8555) and renews them in time (RFC 9773): accounts, orders that
 * survive a kill, challenges, back-off, and the count of what was ordered. What a certificate is
 * installed into is the caller's, see {@link dev.postbus.cert.acme.CertificateHome}.
 */
@org.jspecify.annotations.NullMarked
package dev.postbus.cert.acme;
