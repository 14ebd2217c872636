/** IMAP METADATA: device tokens that clients leave here, and what the relay tells them. */
@org.jspecify.annotations.NullMarked
package dev.postbus.policy.metadata;
