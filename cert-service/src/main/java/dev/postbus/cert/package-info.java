/**
 * Owns private keys and certificates: makes self-signed ones, takes imported ones and those of a
 * foreign manager, keeps them in the store, and tells the bus. Certificates from ACME will be a
 * further kind of {@link dev.postbus.cert.CertificatePlan}.
 */
@org.jspecify.annotations.NullMarked
package dev.postbus.cert;
