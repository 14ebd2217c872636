/** What tests of several modules need from outside of Postbus; no part of any program. */
@org.jspecify.annotations.NullMarked
package dev.postbus.testing;
