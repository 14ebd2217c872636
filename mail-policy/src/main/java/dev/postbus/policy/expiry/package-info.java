/**
 * Deletes what is old or too much, daily and when a quota is nearly used up; reports on storage.
 */
@org.jspecify.annotations.NullMarked
package dev.postbus.policy.expiry;
