package dev.postbus.events;

import java.time.Clock;
import java.time.Duration;

/** Sends what an {@link OutboxWriter} in another process puts into its outbox, as its service. */
public final class OutboxForwarder implements AutoCloseable {
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final OutboxSender sender;

  private OutboxForwarder(OutboxSender sender) {
    this.sender = sender;
  }

  /**
   * Begins to send.
   *
   * @param settings with the writer's service name and outbox
   */
  public static OutboxForwarder start(BusSettings settings) {
    var outbox = new Outbox(settings.outbox());
    var checkpoints = new Checkpoints(settings, CheckpointInterval.here(), Clock.systemUTC());
    return new OutboxForwarder(
        new OutboxSender(
            settings,
            outbox,
            new Heads(settings.outbox()),
            checkpoints,
            Traces.here(),
            LOOK_EVERY,
            () -> {}));
  }

  /** Stops; what is not acknowledged waits for the next start. */
  @Override
  public void close() {
    sender.close();
  }
}
