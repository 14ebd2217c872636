/** Tells what is counted, in Prometheus's text formats, without an address in any of it. */
@org.jspecify.annotations.NullMarked
package dev.postbus.policy.metrics;
