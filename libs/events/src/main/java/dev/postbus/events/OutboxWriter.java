package dev.postbus.events;

import dev.postbus.events.EventBus.Published;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Publishes by way of an outbox that another process sends ({@link OutboxForwarder}): for small
 * processes, as a way to Kafka takes more memory than all else that they do.
 */
public final class OutboxWriter implements EventPublisher {
  private final String service;
  private final Outbox outbox;
  private final Clock clock;

  /**
   * A writer.
   *
   * @param service the name under which the events are published
   * @param folder the outbox, of this service alone; made if missing
   */
  public OutboxWriter(String service, Path folder, Clock clock) {
    this.service = service;
    this.outbox = new Outbox(folder);
    this.clock = clock;
  }

  @Override
  public String service() {
    return service;
  }

  @Override
  public Published publish(RelayEvent event, @Nullable String causationId) {
    var published = new Published(EventBus.newId(), clock.instant().truncatedTo(ChronoUnit.MILLIS));
    outbox.put(event, published, causationId, null);
    return published;
  }
}
