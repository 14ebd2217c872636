/**
 * The contract between the services: the events as records, their envelope and chain, publishing
 * through a durable outbox, and reading by assign and seek.
 *
 * <p>Begin with {@link dev.postbus.events.RelayEvent} and {@link dev.postbus.events.EventBus}; a
 * service that applies changes uses {@link dev.postbus.events.RelayFollower}.
 */
@org.jspecify.annotations.NullMarked
package dev.postbus.events;
