package dev.postbus.applier;

import dev.postbus.events.EventPublisher;
import dev.postbus.events.RelayActivity;
import dev.postbus.supervision.ProcessState;
import dev.postbus.supervision.ProcessStatus;
import dev.postbus.supervision.SupervisorListener;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what happens to processes on the bus, and what they write on standard output. What a change
 * asks of a process, and all until it is ready then, answers the change's event.
 */
public final class ProcessReporter implements SupervisorListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("daemon");

  private final EventPublisher bus;
  // In order, and beside the supervisor's loop: an event is flushed to disk.
  private final ExecutorService publisher =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("process-events").factory());

  private final Map<String, String> causes = new HashMap<>();
  private @Nullable String cause;

  /** Reports on a bus. */
  public ProcessReporter(EventPublisher bus) {
    this.bus = bus;
  }

  /**
   * What is asked of processes from now on is for this.
   *
   * @param eventId null for nothing that there is an event of
   */
  synchronized void askedBy(@Nullable String eventId) {
    cause = eventId;
  }

  @Override
  public void transition(ProcessStatus before, ProcessStatus after) {
    var answered = causeOf(before, after);
    publisher.execute(() -> report(before, after, answered));
  }

  private synchronized @Nullable String causeOf(ProcessStatus before, ProcessStatus after) {
    var name = after.name();
    var asked =
        after.state() instanceof ProcessState.Reloading
            || after.state() instanceof ProcessState.Stopping
            || (after.state() instanceof ProcessState.Starting
                && (before.state() instanceof ProcessState.Stopped
                    || before.state() instanceof ProcessState.GaveUp));
    if (asked && cause != null) {
      causes.put(name, cause);
    } else if (asked || endedByItself(before, after)) {
      causes.remove(name);
    }
    return after.state() instanceof ProcessState.Ready ? causes.remove(name) : causes.get(name);
  }

  private static boolean endedByItself(ProcessStatus before, ProcessStatus after) {
    return before.state() instanceof ProcessState.Running
        && !(before.state() instanceof ProcessState.Stopping)
        && !(after.state() instanceof ProcessState.Running);
  }

  @Override
  public void line(String process, String line) {
    log.info("{}: {}", process, line);
  }

  @Override
  public void close() {
    publisher.close();
  }

  private void report(ProcessStatus before, ProcessStatus after, @Nullable String answered) {
    var name = after.name();
    var took = Duration.between(before.since(), after.since()).toMillis();
    if (before.state() instanceof ProcessState.Running gone
        && !(after.state() instanceof ProcessState.Running)) {
      var expected = before.state() instanceof ProcessState.Stopping;
      bus.publish(
          new RelayActivity.ProcessExited(
              bus.service(), name, gone.pid(), String.valueOf(after.detail()), expected),
          answered);
    }
    switch (after.state()) {
      case ProcessState.Starting starting ->
          bus.publish(
              new RelayActivity.ProcessStarted(
                  bus.service(), name, starting.pid(), after.restarts()),
              answered);
      case ProcessState.Ready ready ->
          bus.publish(
              before.state() instanceof ProcessState.Reloading
                  ? new RelayActivity.ProcessReloaded(bus.service(), name, ready.pid(), took)
                  : new RelayActivity.ProcessReady(bus.service(), name, ready.pid(), took),
              answered);
      case ProcessState.GaveUp ignored ->
          bus.publish(
              new RelayActivity.ProcessGaveUp(
                  bus.service(), name, after.restarts(), String.valueOf(after.detail())),
              answered);
      case ProcessState.Reloading ignored -> {}
      case ProcessState.Stopping ignored -> {}
      case ProcessState.Stopped ignored -> {}
      case ProcessState.BackingOff ignored -> {}
    }
  }
}
