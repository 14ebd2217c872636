/**
 * What services that run daemons have in common: taking changes from the bus to the daemons,
 * proving that a certificate is served, and telling of it all.
 */
@org.jspecify.annotations.NullMarked
package dev.postbus.applier;
