/** Wakes up devices: a queue on disk of device tokens, posted to a notification server. */
@org.jspecify.annotations.NullMarked
package dev.postbus.policy.push;
