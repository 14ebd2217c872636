package dev.postbus.supervision;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a set of processes: in the order of what they need, restarted with back-off when they end
 * unasked, each in a session of its own whose remains are ended with it.
 *
 * <p>One thread does all of it, and starts every child: the kernel sends the parent-death signal
 * when the <em>thread</em> that made the child ends, so children must not be made on threads that
 * come and go.
 */
public final class Supervisor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Supervisor.class);

  private final Map<String, SupervisedProcess> processes = new LinkedHashMap<>();
  private final SupervisorListener listener;
  private final Path runFolder;
  private final Clock clock;
  private final ScheduledThreadPoolExecutor thread;
  private final Loop loop = new OwnLoop();
  // Touched on the loop only.
  private final Guard guard = new Guard();
  private final Object changed = new Object();
  private volatile List<ProcessStatus> snapshot = List.of();

  /**
   * Prepares to run processes, and ends what an earlier supervisor with the same folder left
   * running.
   *
   * @param descriptions the processes; what they need must be among them
   * @param listener hears of every transition and line
   * @param runFolder where pid files are kept; made if missing
   * @param clock tells the times in statuses
   */
  public Supervisor(
      Collection<ProcessDescription> descriptions,
      SupervisorListener listener,
      Path runFolder,
      Clock clock) {
    this.listener = listener;
    this.runFolder = runFolder;
    this.clock = clock;
    this.thread =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().name("supervisor").unstarted(task));
    thread.setRemoveOnCancelPolicy(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    try {
      Files.createDirectories(runFolder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + runFolder, e);
    }
    endLeftovers(descriptions);
    descriptions.forEach(this::register);
    for (var process : processes.values()) {
      for (var need : process.description().needs()) {
        if (!processes.containsKey(need)) {
          throw new IllegalArgumentException(
              process.description().name() + " needs " + need + ", which is not described");
        }
      }
    }
    takeSnapshot();
  }

  /** Starts all processes, those side by side that do not need one another; returns at once. */
  public void start() {
    loop.run(
        () -> {
          guard.begin();
          processes.values().forEach(SupervisedProcess::want);
          loop.startWhatCan();
        });
  }

  /**
   * Waits until every process is ready.
   *
   * @return whether that happened in time; false at once when one was given up
   */
  public boolean awaitReady(Duration timeout) {
    return await(
        timeout,
        statuses -> statuses.stream().allMatch(ProcessStatus::ready),
        statuses -> statuses.stream().anyMatch(s -> s.state() instanceof ProcessState.GaveUp));
  }

  /**
   * Has a process take up its configuration.
   *
   * @return completes when it serves again; exceptionally with {@link ProcessFailure} when not
   */
  public CompletableFuture<Void> reload(String name) {
    return onProcess(name, SupervisedProcess::reload);
  }

  /**
   * Stops and starts a process; also starts one that was given up.
   *
   * @return completes when it serves; exceptionally with {@link ProcessFailure} when not
   */
  public CompletableFuture<Void> restart(String name) {
    return onProcess(name, SupervisedProcess::restart);
  }

  /** Changes a description; it counts from the next start or reload of that process. */
  public void replace(ProcessDescription description) {
    onProcess(
            description.name(),
            process -> {
              process.replace(description);
              return CompletableFuture.<Void>completedFuture(null);
            })
        .join();
  }

  /** All processes, in the order of their description. */
  public List<ProcessStatus> status() {
    return snapshot;
  }

  /** Whether no process has been given up. */
  public boolean healthy() {
    return snapshot.stream().noneMatch(s -> s.state() instanceof ProcessState.GaveUp);
  }

  /** Stops all processes, dependents first, and returns when none is left. */
  @Override
  public void close() {
    var patience = Duration.ofSeconds(2);
    for (var process : processes.values()) {
      patience = patience.plus(process.description().stop().patience()).plusSeconds(1);
    }
    try {
      loop.run(this::stopWhatCan);
      await(patience, Supervisor::allStopped, statuses -> false);
      loop.run(guard::close);
      // What is on the loop still, the last transition's report among it, is done first.
      thread.shutdown();
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
        log.warn("a listener takes long; it is left alone");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      thread.shutdownNow();
    }
  }

  /** Side by side: each may need its moment of grace, and the start waits for them. */
  private void endLeftovers(Collection<ProcessDescription> descriptions) {
    var endings =
        descriptions.stream()
            .map(description -> new PidFile(runFolder, description.name()))
            .map(file -> CompletableFuture.runAsync(file::endLeftover, Supervisor::onVirtualThread))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(endings).join();
  }

  private static void onVirtualThread(Runnable task) {
    Thread.ofVirtual().start(task);
  }

  private void register(ProcessDescription description) {
    var pidFile = new PidFile(runFolder, description.name());
    if (processes.put(description.name(), new SupervisedProcess(description, loop, pidFile, guard))
        != null) {
      throw new IllegalArgumentException("two processes are named " + description.name());
    }
  }

  private static boolean allStopped(List<ProcessStatus> statuses) {
    return statuses.stream().allMatch(s -> s.state() instanceof ProcessState.Stopped);
  }

  private void stopWhatCan() {
    stopping = true;
    for (var process : processes.values()) {
      var name = process.description().name();
      var neededStill =
          processes.values().stream()
              .anyMatch(
                  other ->
                      other.description().needs().contains(name)
                          && !(other.status().state() instanceof ProcessState.Stopped));
      if (!neededStill) {
        process.stop();
      }
    }
  }

  // Touched on the loop only.
  private boolean stopping;

  private CompletableFuture<Void> onProcess(
      String name, Function<SupervisedProcess, CompletableFuture<Void>> action) {
    var process = processes.get(name);
    if (process == null) {
      throw new IllegalArgumentException(
          "no process is named " + name + "; there are " + processes.keySet());
    }
    var result = new CompletableFuture<Void>();
    loop.run(
        () ->
            action
                .apply(process)
                .whenComplete(
                    (done, failure) -> {
                      if (failure != null) {
                        result.completeExceptionally(failure);
                      } else {
                        result.complete(null);
                      }
                    }));
    return result;
  }

  private boolean await(
      Duration timeout,
      Function<List<ProcessStatus>, Boolean> reached,
      Function<List<ProcessStatus>, Boolean> hopeless) {
    var deadline = System.nanoTime() + timeout.toNanos();
    synchronized (changed) {
      while (!reached.apply(snapshot)) {
        var left = deadline - System.nanoTime();
        if (left <= 0 || hopeless.apply(snapshot)) {
          return false;
        }
        try {
          TimeUnit.NANOSECONDS.timedWait(changed, left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
      return true;
    }
  }

  private void takeSnapshot() {
    var all = new ArrayList<ProcessStatus>();
    processes.values().forEach(process -> all.add(process.status()));
    synchronized (changed) {
      snapshot = List.copyOf(all);
      changed.notifyAll();
    }
  }

  private final class OwnLoop implements Loop {
    @Override
    public Instant now() {
      return clock.instant();
    }

    @Override
    public void run(Runnable task) {
      try {
        thread.execute(() -> safely(task));
      } catch (RejectedExecutionException closed) {
        log.debug("supervisor is closed, a late task is dropped");
      }
    }

    @Override
    public ScheduledFuture<?> later(Duration delay, Runnable task) {
      return thread.schedule(() -> safely(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void aside(Runnable task) {
      Thread.ofVirtual().start(() -> safely(task));
    }

    @Override
    public void cleanUpThen(ChildProcess ended, Runnable task) {
      aside(
          () -> {
            Signals.endSession(ended.pid());
            run(task);
          });
    }

    @Override
    public void startWhatCan() {
      if (stopping) {
        return;
      }
      for (var process : processes.values()) {
        if (process.wantsToStart() && hasItsNeeds(process)) {
          process.start();
        }
      }
    }

    @Override
    public void transition(ProcessStatus before, ProcessStatus after) {
      takeSnapshot();
      safely(() -> listener.transition(before, after));
      if (after.ready() && !before.ready()) {
        run(this::startWhatCan);
      }
      if (stopping && after.state() instanceof ProcessState.Stopped) {
        run(Supervisor.this::stopWhatCan);
      }
    }

    @Override
    public void line(String process, String line) {
      safely(() -> listener.line(process, line));
    }

    private boolean hasItsNeeds(SupervisedProcess process) {
      return process.description().needs().stream().allMatch(need -> needed(need).status().ready());
    }

    private SupervisedProcess needed(String name) {
      return java.util.Objects.requireNonNull(processes.get(name));
    }

    private void safely(Runnable task) {
      try {
        task.run();
      } catch (RuntimeException e) {
        log.error("supervision went on after an error", e);
      }
    }
  }
}
