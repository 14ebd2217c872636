package dev.postbus.applier;

import dev.postbus.events.EventPublisher;
import dev.postbus.events.RelayActivity;
import dev.postbus.supervision.ProcessState;
import dev.postbus.supervision.ProcessStatus;
import dev.postbus.supervision.SupervisorListener;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts what happens to processes on the bus, and what they write on standard output. */
public final class ProcessReporter implements SupervisorListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("daemon");

  private final EventPublisher bus;
  // In order, and beside the supervisor's loop: an event is flushed to disk.
  private final ExecutorService publisher =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("process-events").factory());

  /** Reports on a bus. */
  public ProcessReporter(EventPublisher bus) {
    this.bus = bus;
  }

  @Override
  public void transition(ProcessStatus before, ProcessStatus after) {
    publisher.execute(() -> report(before, after));
  }

  @Override
  public void line(String process, String line) {
    log.info("{}: {}", process, line);
  }

  @Override
  public void close() {
    publisher.close();
  }

  private void report(ProcessStatus before, ProcessStatus after) {
    var name = after.name();
    var took = Duration.between(before.since(), after.since()).toMillis();
    if (before.state() instanceof ProcessState.Running gone
        && !(after.state() instanceof ProcessState.Running)) {
      var expected = before.state() instanceof ProcessState.Stopping;
      say(
          new RelayActivity.ProcessExited(
              bus.service(), name, gone.pid(), String.valueOf(after.detail()), expected));
    }
    switch (after.state()) {
      case ProcessState.Starting starting ->
          say(
              new RelayActivity.ProcessStarted(
                  bus.service(), name, starting.pid(), after.restarts()));
      case ProcessState.Ready ready ->
          say(
              before.state() instanceof ProcessState.Reloading
                  ? new RelayActivity.ProcessReloaded(bus.service(), name, ready.pid(), took)
                  : new RelayActivity.ProcessReady(bus.service(), name, ready.pid(), took));
      case ProcessState.GaveUp ignored ->
          say(
              new RelayActivity.ProcessGaveUp(
                  bus.service(), name, after.restarts(), String.valueOf(after.detail())));
      case ProcessState.Reloading ignored -> {}
      case ProcessState.Stopping ignored -> {}
      case ProcessState.Stopped ignored -> {}
      case ProcessState.BackingOff ignored -> {}
    }
  }

  private void say(RelayActivity activity) {
    bus.publish(activity, null);
  }
}
