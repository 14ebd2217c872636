/**
 * Services' interfaces on another address than loopback: with a token only, but for what an ACME
 * authority asks.
 */
@org.jspecify.annotations.NullMarked
package dev.postbus.remote;
