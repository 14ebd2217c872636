package dev.postbus.audit;

import dev.postbus.events.BusSettings;
import dev.postbus.events.EventBus;
import java.nio.file.Path;
import java.time.Clock;

/** Removes old records, and dies before one of the steps. */
final class PruningProgram {
  static final int DIED = 9;

  private PruningProgram() {}

  /** {@code FOLDER BOOTSTRAP KEEP STEP}. */
  public static void main(String[] args) throws Exception {
    var settings =
        new BusSettings(
            args[1], Stack.DOMAIN, "config-service", Path.of(args[0], "config-service"), (short) 1);
    try (var bus = EventBus.open(settings)) {
      new Retention(
              bus,
              args[1],
              Stack.DOMAIN,
              Clock.systemUTC(),
              step -> {
                if (step.equals(args[3])) {
                  // As by kill -9: nothing is closed, nothing is written any more.
                  Runtime.getRuntime().halt(DIED);
                }
              })
          .run(Keep.parse(args[2]).orElseThrow(), false);
    }
  }
}
