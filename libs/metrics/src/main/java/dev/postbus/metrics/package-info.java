/** What services tell Prometheus of themselves. */
@org.jspecify.annotations.NullMarked
package dev.postbus.metrics;
