/**
 * Owns private keys and certificates: makes self-signed ones, takes imported ones, keeps them in
 * the store, and tells the bus. Certificates from ACME and from foreign folders will be further
 * kinds of {@link dev.postbus.cert.CertificatePlan}.
 */
@org.jspecify.annotations.NullMarked
package dev.postbus.cert;
