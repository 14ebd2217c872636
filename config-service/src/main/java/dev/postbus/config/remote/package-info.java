/** The configuration's interface on another address than loopback: with a token only. */
@org.jspecify.annotations.NullMarked
package dev.postbus.config.remote;
