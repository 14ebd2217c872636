package dev.postbus.cli;

import dev.postbus.events.BulkWriter;
import dev.postbus.events.RelayActivity;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How soon whoever follows the events sees one, with all that is on the bus already. */
final class FollowTimes {
  private static final int SAMPLES = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long BETWEEN_MILLIS = 20;

  private FollowTimes() {}

  /** Milliseconds from handing each event to the producer until it is seen. */
  static List<Double> measure(String bootstrap, String domain)
      throws IOException, InterruptedException {
    var seen = new LinkedBlockingQueue<Long>();
    var times = new ArrayList<Double>();
    try (var writer = BulkWriter.open(bootstrap, domain, Clock.systemUTC());
        var history =
            EventHistory.read(
                bootstrap,
                Instant.now(),
                envelope -> {
                  if (envelope.source().equals(writer.source())) {
                    seen.add(System.nanoTime());
                  }
                })) {
      history.awaitCaughtUp(PATIENCE);
      for (int i = 1; i <= SAMPLES; i++) {
        var began = System.nanoTime();
        writer.write(new RelayActivity.ProcessReady("bench", "process", i, 1));
        var end = seen.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (end == null) {
          throw new IOException("an event was not seen within " + PATIENCE.toSeconds() + " s");
        }
        times.add((end - began) / 1e6);
        Thread.sleep(BETWEEN_MILLIS);
      }
    } catch (TimeoutException e) {
      throw new IOException("the bus at " + bootstrap + " does not answer", e);
    }
    return times;
  }
}
