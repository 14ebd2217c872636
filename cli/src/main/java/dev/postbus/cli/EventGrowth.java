package dev.postbus.cli;

import dev.postbus.bench.Target;
import dev.postbus.bench.measure.Measurement;
import dev.postbus.bench.results.Recorder;
import dev.postbus.deploy.local.Shape;
import dev.postbus.deploy.local.StackSettings;
import dev.postbus.deploy.local.StackState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.apache.kafka.common.KafkaException;

/**
 * Start, {@code events}, {@code audit}, memory and disk with more and more events on the bus, in a
 * stack of its own that is removed afterwards.
 *
 * @param shape of that stack
 * @param steps how many events, in rising order
 */
record EventGrowth(Shape shape, List<Integer> steps) implements Measurement {
  private static final String DOMAIN = "_growth.localhost";

  @Override
  public String name() {
    return "growth, events";
  }

  @Override
  public void run(Target target, Recorder results) throws IOException, InterruptedException {
    // A short name: daemons make Unix sockets below it, whose paths are limited.
    var folder = Files.createTempDirectory("pb-");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    var state = folder.resolve("state");
    var settings = new StackSettings(DOMAIN, Training.freeOffset(), shape);
    var control = new StackControl(state);
    try {
      control.start(settings, step -> {});
      var flood = EventFlood.to("127.0.0.1:" + settings.ports().broker(), DOMAIN);
      for (var step : steps) {
        var within = results.within(step + " events: ");
        within.figure("written", "events/s", flood.growTo(step));
        measure(control, state, settings, within);
      }
    } catch (KafkaException e) {
      throw new IOException("the bus takes no more events", e);
    } finally {
      StackState.running(state).ifPresent(control::stop);
      Training.remove(folder);
    }
  }

  private static void measure(
      StackControl control, Path state, StackSettings settings, Recorder results)
      throws IOException, InterruptedException {
    control.stop(StackState.running(state).orElseThrow());
    var began = System.nanoTime();
    control.start(settings, step -> {});
    results.figure("start to ready", "s", secondsSince(began));
    results.series(
        "follow", "ms", FollowTimes.measure("127.0.0.1:" + settings.ports().broker(), DOMAIN));
    cost(state, results, "events --since 1h", "events", "--since", "1h");
    cost(state, results, "audit replay", "audit", "replay");
    cost(state, results, "audit verify", "audit", "verify");
    for (var reading : ByGroup.memory(new StackProcesses(state)).read()) {
      results.figure(reading.name(), reading.unit(), reading.value());
    }
    for (var reading : new DiskUse(state).read()) {
      if (reading.of().equals("bus")) {
        results.figure("disk of the bus", reading.unit(), reading.value());
      }
    }
  }

  private static void cost(Path state, Recorder results, String name, String... arguments)
      throws IOException, InterruptedException {
    var cost = CommandCost.of(state, arguments);
    if (cost.exitCode() != 0) {
      results.remark(
          "%s: failed after %.1f s, exit code %d".formatted(name, cost.seconds(), cost.exitCode()));
    } else {
      results.figure(name, "s", cost.seconds());
      results.figure(name + ", peak memory", "MB", cost.peakMegabytes());
    }
  }

  private static double secondsSince(long began) {
    return (System.nanoTime() - began) / 1e9;
  }
}
