/** The long run: mail, logins, changes and accidents at once, and what they do to the relay. */
@org.jspecify.annotations.NullMarked
package dev.postbus.bench.soak;
