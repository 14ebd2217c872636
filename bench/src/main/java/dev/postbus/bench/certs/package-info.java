/** A certificate that is replaced where a foreign manager keeps it, and who serves which one. */
@org.jspecify.annotations.NullMarked
package dev.postbus.bench.certs;
