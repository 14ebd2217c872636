package dev.postbus.events;

import dev.postbus.events.EventBus.Published;
import org.jspecify.annotations.Nullable;

/** Takes events that will be on the bus: each is durable when {@code publish} returns. */
public interface EventPublisher {
  /** Who publishes. */
  String service();

  /**
   * Publishes under a fresh id, with the time of now.
   *
   * @param causationId the event that this one answers, if there is one
   */
  Published publish(RelayEvent event, @Nullable String causationId);
}
