/** Accounts as folders with a password file: when one is made, and what is known of it. */
@org.jspecify.annotations.NullMarked
package dev.postbus.policy.account;
