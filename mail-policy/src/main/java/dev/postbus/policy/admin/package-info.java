/** What an operator can see and do here, over HTTP on the control port: accounts and expiry. */
@org.jspecify.annotations.NullMarked
package dev.postbus.policy.admin;
