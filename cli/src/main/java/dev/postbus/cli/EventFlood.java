package dev.postbus.cli;

import dev.postbus.events.BulkWriter;
import dev.postbus.events.ConfigChanged;
import dev.postbus.events.EventReader;
import dev.postbus.events.RelayActivity;
import dev.postbus.events.Topic;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Fills the bus of a stack: as many activities as wanted, and as many versions of the
 * configuration, up to some thousand, which a relay hardly ever has. The versions repeat the one
 * that is in force, so that nobody applies them.
 */
final class EventFlood {
  private static final int MOST_VERSIONS = 10_000;
  private static final long PATIENCE_SECONDS = 30;

  private final String bootstrap;
  private final String domain;
  private final ConfigChanged version;
  private int activities;
  private int versions;

  private EventFlood(String bootstrap, String domain, ConfigChanged version) {
    this.bootstrap = bootstrap;
    this.domain = domain;
    this.version = version;
  }

  /** Reads the version that is in force. */
  static EventFlood to(String bootstrap, String domain) throws IOException, InterruptedException {
    var found = new CompletableFuture<ConfigChanged>();
    try (var reader =
        EventReader.start(
            bootstrap,
            List.of(Topic.CONFIG_CHANGED),
            Map.of(),
            envelope -> {
              if (envelope.event() instanceof ConfigChanged config) {
                found.complete(config);
              }
            })) {
      reader.caughtUp().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return new EventFlood(bootstrap, domain, found.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the bus holds no configuration", e);
    }
  }

  /**
   * Writes what is missing to so many of each kind.
   *
   * @return events a second
   */
  double growTo(int wanted) {
    var began = System.nanoTime();
    var before = activities + versions;
    try (var writer = BulkWriter.open(bootstrap, domain, Clock.systemUTC())) {
      for (; activities < wanted; activities++) {
        writer.write(new RelayActivity.ProcessReady("bench", "process", activities + 1, 1));
      }
      for (; versions < Math.min(wanted, MOST_VERSIONS); versions++) {
        writer.write(version);
      }
      writer.flush();
    }
    return (activities + versions - before) * 1e9 / (System.nanoTime() - began);
  }
}
