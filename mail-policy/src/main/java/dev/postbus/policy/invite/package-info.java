/** Invitations: who may still have an account while not everybody may. */
@org.jspecify.annotations.NullMarked
package dev.postbus.policy.invite;
