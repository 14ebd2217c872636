/** Tests of the store, the checks and the probe, with certificates that openssl makes. */
@org.jspecify.annotations.NullMarked
package dev.postbus.certificates;
