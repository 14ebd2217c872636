/**
 * Owns private keys and certificates: makes self-signed ones, takes imported ones, those of a
 * foreign manager, and those that {@link dev.postbus.cert.acme} gets, keeps them in the store, and
 * tells the bus.
 */
@org.jspecify.annotations.NullMarked
package dev.postbus.cert;
