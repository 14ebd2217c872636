/**
 * The shape <em>together</em>: the four services and the broker in one process, for small machines.
 * The services are the same, and do not know of it.
 */
@org.jspecify.annotations.NullMarked
package dev.postbus.together;
