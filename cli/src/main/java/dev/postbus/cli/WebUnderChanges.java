package dev.postbus.cli;

import dev.postbus.bench.Target;
import dev.postbus.bench.measure.Measurement;
import dev.postbus.bench.measure.WebLoad;
import dev.postbus.bench.results.Recorder;
import java.io.IOException;
import java.time.Duration;

/**
 * Pages under load while the configuration is changed and the certificate renewed, in turns.
 *
 * @param connections of the load
 * @param changes in all
 */
record WebUnderChanges(StateOption state, int connections, int changes) implements Measurement {
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Duration TO_THE_END = Duration.ofSeconds(10);

  @Override
  public String name() {
    return "web load";
  }

  @Override
  public void run(Target target, Recorder results) throws IOException, InterruptedException {
    new WebLoad(connections, PAUSE.multipliedBy(changes).plus(TO_THE_END), this::change)
        .run(target, results);
  }

  private void change() throws IOException, InterruptedException {
    try (var made = Changes.of(state.ports())) {
      for (int i = 0; i < changes; i++) {
        Thread.sleep(PAUSE);
        if (i % 2 == 0) {
          made.setSize();
        } else {
          made.renew();
        }
      }
    }
  }
}
