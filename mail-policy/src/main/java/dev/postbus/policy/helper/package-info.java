/**
 * Work that other processes can do as well: judging messages and hashing passwords. Helpers hold no
 * mail, no account, no configuration and no key; each request brings along all that it needs.
 */
@org.jspecify.annotations.NullMarked
package dev.postbus.policy.helper;
