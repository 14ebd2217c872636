/** Dovecot's dict protocol, over which it asks for accounts and tells of logins. */
@org.jspecify.annotations.NullMarked
package dev.postbus.policy.dict;
