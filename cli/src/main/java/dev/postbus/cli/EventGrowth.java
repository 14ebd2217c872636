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
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;

/**
 * Start, {@code events}, memory and disk with more and more events on the bus, in a stack of its
 * own that is removed afterwards.
 *
 * @param shape of that stack
 * @param steps how many events, in rising order
 */
record EventGrowth(Shape shape, List<Integer> steps) implements Measurement {
  private static final String DOMAIN = "_growth.localhost";
  private static final long LONGEST_LIST_MINUTES = 10;

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
    list(state, results);
    for (var reading : ByGroup.memory(new StackProcesses(state)).read()) {
      results.figure(reading.name(), reading.unit(), reading.value());
    }
    for (var reading : new DiskUse(state).read()) {
      if (reading.of().equals("bus")) {
        results.figure("disk of the bus", reading.unit(), reading.value());
      }
    }
  }

  private static void list(Path state, Recorder results) throws IOException, InterruptedException {
    var program = StateOption.home().resolve("postbus").toString();
    var command = List.of(program, "events", "--since", "1h", "--state", state.toString());
    var began = System.nanoTime();
    var process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!process.waitFor(LONGEST_LIST_MINUTES, TimeUnit.MINUTES)) {
        results.remark("events --since 1h: not done in %d min".formatted(LONGEST_LIST_MINUTES));
      } else if (process.exitValue() != 0) {
        results.remark(
            "events --since 1h: failed after %.1f s, exit code %d"
                .formatted(secondsSince(began), process.exitValue()));
      } else {
        results.figure("events --since 1h", "s", secondsSince(began));
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static double secondsSince(long began) {
    return (System.nanoTime() - began) / 1e9;
  }
}
