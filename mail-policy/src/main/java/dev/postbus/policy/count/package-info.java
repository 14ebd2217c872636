/** Counts what happens, for metrics; knows nothing of how they are told. */
@org.jspecify.annotations.NullMarked
package dev.postbus.policy.count;
