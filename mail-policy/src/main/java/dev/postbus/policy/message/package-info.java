/** What a message is: encrypted, a Secure-Join request, or anything else. */
@org.jspecify.annotations.NullMarked
package dev.postbus.policy.message;
