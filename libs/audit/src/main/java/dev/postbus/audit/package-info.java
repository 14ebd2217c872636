/** Looking at the past: whether the log is whole, what the relay's state was, copies of the log. */
@org.jspecify.annotations.NullMarked
package dev.postbus.audit;
