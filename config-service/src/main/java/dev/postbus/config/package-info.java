/**
 * Owns the meaning of {@code chatmail.ini}: the keys and what they accept, the layers that a value
 * may come from, versions on disk, and the {@code config-changed} events.
 */
@org.jspecify.annotations.NullMarked
package dev.postbus.config;
