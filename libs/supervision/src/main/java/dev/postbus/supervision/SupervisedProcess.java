package dev.postbus.supervision;

import dev.postbus.supervision.ProcessState.BackingOff;
import dev.postbus.supervision.ProcessState.GaveUp;
import dev.postbus.supervision.ProcessState.Ready;
import dev.postbus.supervision.ProcessState.Reloading;
import dev.postbus.supervision.ProcessState.Startable;
import dev.postbus.supervision.ProcessState.Starting;
import dev.postbus.supervision.ProcessState.Stoppable;
import dev.postbus.supervision.ProcessState.Stopped;
import dev.postbus.supervision.ProcessState.Stopping;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * One process and where it is in its life. All methods run on the supervisor's loop; what waits
 * (probes, reload commands, endings) does so on virtual threads and comes back to the loop.
 */
final class SupervisedProcess {
  private final Loop loop;
  private final RestartHistory history = new RestartHistory();
  private final PidFile pidFile;
  private final Guard guard;
  private final List<CompletableFuture<Void>> waitingForReady = new ArrayList<>();

  private ProcessDescription description;
  private ProcessStatus status;
  private @Nullable ChildProcess child;
  private @Nullable ScheduledFuture<?> timer;
  private boolean wanted;
  private boolean startAgain;

  SupervisedProcess(ProcessDescription description, Loop loop, PidFile pidFile, Guard guard) {
    this.description = description;
    this.loop = loop;
    this.pidFile = pidFile;
    this.guard = guard;
    this.status = new ProcessStatus(description.name(), new Stopped(), loop.now(), 0, null);
  }

  ProcessDescription description() {
    return description;
  }

  ProcessStatus status() {
    return status;
  }

  boolean wantsToStart() {
    return wanted && status.state() instanceof Stopped;
  }

  void want() {
    wanted = true;
  }

  void replace(ProcessDescription changed) {
    description = changed;
  }

  /** Starts it; only from a state without a process. */
  void start() {
    if (!(status.state() instanceof Startable startable)) {
      return;
    }
    cancelTimer();
    try {
      for (var files : description.stale()) {
        files.remove();
      }
      var started = ChildProcess.spawn(description, line -> loop.line(description.name(), line));
      child = started;
      guard.add(description.name(), started.pid());
      pidFile.write(started.pid());
      enter(startable.starting(started.pid()), null);
      started.exit().thenAccept(code -> loop.cleanUpThen(started, () -> exited(started, code)));
      probe(started, description.readiness());
    } catch (IOException e) {
      failed("cannot be started: " + e.getMessage(), Duration.ZERO);
    }
  }

  /** Tells it to take up its configuration; the future completes when it serves again. */
  CompletableFuture<Void> reload() {
    if (!(status.state() instanceof Ready ready) || child == null) {
      return restart();
    }
    if (description.reload() instanceof Reload.Restart) {
      return restart();
    }
    var done = newWaiter();
    var current = child;
    enter(ready.reloading(), null);
    var reload = description.reload();
    var readiness = afterReload(reload, current.pid(), description.readiness());
    loop.aside(
        () -> {
          var problem = tell(reload, current.pid());
          loop.run(() -> told(current, problem, readiness));
        });
    return done;
  }

  /** Must be asked for before the reload: it remembers what is there now. */
  private static Readiness afterReload(Reload reload, long pid, Readiness usual) {
    if (!(reload instanceof Reload.Signal signal)) {
      return usual;
    }
    var timeout = usual.timeout();
    return switch (signal.seen()) {
      case Reload.Sign.None ignored -> usual;
      case Reload.Sign.NewFile(var file) ->
          both(new Readiness.Renewed(file, FileIdentity.of(file), timeout), usual);
      case Reload.Sign.NewChildren(var leaving) ->
          both(new Readiness.Replaced(ProcessTable.childrenOf(pid), leaving, timeout), usual);
    };
  }

  private static Readiness both(Readiness changed, Readiness usual) {
    return new Readiness.AllOf(List.of(changed, usual), usual.timeout());
  }

  /** Stops and starts it, or starts it when it is not running, given up or backing off. */
  CompletableFuture<Void> restart() {
    wanted = true;
    history.forget();
    var done = newWaiter();
    switch (status.state()) {
      case Stoppable stoppable -> {
        startAgain = true;
        askToEnd(stoppable);
      }
      case Stopping ignored -> startAgain = true;
      case BackingOff ignored -> start();
      case GaveUp ignored -> start();
      case Stopped ignored -> loop.startWhatCan();
    }
    return done;
  }

  /** Stops it for good. */
  void stop() {
    wanted = false;
    startAgain = false;
    switch (status.state()) {
      case Stoppable stoppable -> askToEnd(stoppable);
      case BackingOff backingOff -> settle(backingOff.stopped());
      case GaveUp gaveUp -> settle(gaveUp.stopped());
      case Stopping ignored -> {}
      case Stopped ignored -> {}
    }
  }

  private void settle(Stopped stopped) {
    cancelTimer();
    enter(stopped, null);
  }

  private void askToEnd(Stoppable running) {
    cancelTimer();
    enter(running.stopping(), null);
    var ending = child;
    if (ending == null) {
      return;
    }
    Signals.sendToGroup(description.stop().signal(), ending.pid());
    timer =
        loop.later(description.stop().patience(), () -> Signals.sendToGroup("KILL", ending.pid()));
  }

  private void probe(ChildProcess starting, Readiness readiness) {
    loop.aside(
        () -> {
          var serves = ReadinessProbe.await(readiness, starting::alive);
          // Only a reload waits for more than that it serves.
          var usual = description.readiness();
          var asBefore = !serves && !readiness.equals(usual) && ReadinessProbe.serves(usual);
          loop.run(() -> probed(starting, serves, asBefore, readiness));
        });
  }

  private void probed(ChildProcess probed, boolean serves, boolean asBefore, Readiness readiness) {
    if (probed != child) {
      return;
    }
    if (serves) {
      switch (status.state()) {
        case Starting starting -> becomeReady(starting.ready());
        case Reloading reloading -> becomeReady(reloading.ready());
        default -> {}
      }
    } else if (asBefore && status.state() instanceof Reloading reloading) {
      // It serves, if only by its former configuration: better than to end it.
      var problem =
          "has not taken up its configuration within " + readiness.timeout().toSeconds() + " s";
      enter(reloading.ready(), problem);
      completeWaiters(new ProcessFailure(description.name(), problem, List.of()));
    } else if (probed.alive() && status.state() instanceof Stoppable) {
      // Its end is handled like any other unasked one, with this as the reason.
      status = withDetail("was not ready within " + readiness.timeout().toSeconds() + " s");
      Signals.sendToGroup("KILL", probed.pid());
    }
  }

  private void becomeReady(Ready ready) {
    enter(ready, null);
    completeWaiters(null);
    var longest = description.longestRun();
    if (longest != null && timer == null) {
      timer = loop.later(longest, this::plannedRestart);
    }
  }

  private void plannedRestart() {
    timer = null;
    if (status.state() instanceof Stoppable stoppable) {
      startAgain = true;
      askToEnd(stoppable);
    }
  }

  private static @Nullable String tell(Reload reload, long pid) {
    return switch (reload) {
      case Reload.Signal signal ->
          Signals.send(signal.signal(), pid) ? null : "could not be signalled";
      case Reload.Command command -> {
        var result = Commands.run(command.command(), Duration.ofSeconds(20));
        yield result.succeeded() ? null : "refused to reload: " + result.output();
      }
      case Reload.Restart ignored -> null;
    };
  }

  private void told(ChildProcess current, @Nullable String problem, Readiness readiness) {
    if (current != child || !(status.state() instanceof Reloading reloading)) {
      return;
    }
    if (problem == null) {
      probe(current, readiness);
    } else {
      enter(reloading.ready(), problem);
      completeWaiters(new ProcessFailure(description.name(), problem, List.of()));
    }
  }

  private void exited(ChildProcess ended, int code) {
    if (ended != child) {
      return;
    }
    child = null;
    pidFile.remove();
    guard.remove(description.name());
    var how = code > 128 ? "ended by signal " + (code - 128) : "exited with code " + code;
    if (status.state() instanceof Stopping stopping) {
      cancelTimer();
      enter(stopping.stopped(), how);
      if (startAgain && wanted) {
        startAgain = false;
        start();
      }
      return;
    }
    var reason = status.detail() != null ? status.detail() + ", " + how : how;
    var words = ended.lastLines(5);
    completeWaiters(new ProcessFailure(description.name(), reason, words));
    var ranFor =
        status.state() instanceof Ready
            ? Duration.between(status.since(), loop.now())
            : Duration.ZERO;
    failed(words.isEmpty() ? reason : reason + "; last words: " + words.getLast(), ranFor);
  }

  private void failed(String reason, Duration ranFor) {
    cancelTimer();
    var delay = history.failed(description.restart(), loop.now(), ranFor);
    if (delay.isEmpty()) {
      var tooOften = reason + "; restarted too often, given up";
      switch (status.state()) {
        case ProcessState.Running running -> enter(running.gaveUp(), tooOften);
        case BackingOff backingOff -> enter(backingOff.gaveUp(), tooOften);
        case GaveUp ignored -> {}
        case Stopped stopped -> enter(stopped.backingOff(loop.now()).gaveUp(), tooOften);
      }
      completeWaiters(new ProcessFailure(description.name(), tooOften, List.of()));
      return;
    }
    Instant until = loop.now().plus(delay.get());
    var restarts = status.restarts() + 1;
    switch (status.state()) {
      case ProcessState.Running running -> enter(running.backingOff(until), reason, restarts);
      case Stopped stopped -> enter(stopped.backingOff(until), reason, restarts);
      case BackingOff ignored -> enter(new BackingOff(until), reason, restarts);
      case GaveUp ignored -> enter(new BackingOff(until), reason, restarts);
    }
    timer =
        loop.later(
            delay.get(),
            () -> {
              timer = null;
              start();
            });
  }

  private CompletableFuture<Void> newWaiter() {
    var done = new CompletableFuture<Void>();
    waitingForReady.add(done);
    return done;
  }

  private void completeWaiters(@Nullable ProcessFailure failure) {
    var waiters = List.copyOf(waitingForReady);
    waitingForReady.clear();
    for (var waiter : waiters) {
      // Off the loop: whoever waits may do long things next.
      if (failure == null) {
        waiter.completeAsync(() -> null);
      } else {
        loop.aside(() -> waiter.completeExceptionally(failure));
      }
    }
  }

  private ProcessStatus withDetail(String detail) {
    return new ProcessStatus(
        status.name(), status.state(), status.since(), status.restarts(), detail);
  }

  private void enter(ProcessState next, @Nullable String detail) {
    enter(next, detail, status.restarts());
  }

  private void enter(ProcessState next, @Nullable String detail, int restarts) {
    var before = status;
    status = new ProcessStatus(before.name(), next, loop.now(), restarts, detail);
    loop.transition(before, status);
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }
}
