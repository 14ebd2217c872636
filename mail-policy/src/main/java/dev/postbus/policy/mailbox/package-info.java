/** The folder of mailboxes on disk: walking through them and taking them away. */
@org.jspecify.annotations.NullMarked
package dev.postbus.policy.mailbox;
