/** Measures any relay from outside, as its users see it. */
@org.jspecify.annotations.NullMarked
package dev.postbus.bench;
