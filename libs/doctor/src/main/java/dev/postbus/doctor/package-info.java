/**
 * Looks at what the machine gives a relay, and at no more than any process may look at. A class a
 * check.
 */
@org.jspecify.annotations.NullMarked
package dev.postbus.doctor;
