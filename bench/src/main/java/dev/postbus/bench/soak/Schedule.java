package dev.postbus.bench.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Does the changes and the kills when they are due, in turns, and keeps how long each took. */
final class Schedule implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofMinutes(3);

  private final long end;
  private final Kills kills;
  private final Errors errors;
  private final Map<String, List<Double>> seconds = new TreeMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** Nothing new is begun after the end, by {@link System#nanoTime}. */
  Schedule(long end, Kills kills, Errors errors) {
    this.end = end;
    this.kills = kills;
    this.errors = errors;
  }

  /** One after another, at such a distance. */
  void changes(List<Disturbance> all, Duration every) {
    threads.submit(() -> inTurns(all, every, false));
  }

  /** One after another, at such a distance; each opens a window in which much is forgiven. */
  void kills(List<Disturbance> all, Duration every) {
    threads.submit(() -> inTurns(all, every, true));
  }

  private void inTurns(List<Disturbance> all, Duration every, boolean kill) {
    try {
      var next = System.nanoTime();
      for (int i = 0; !all.isEmpty(); i++) {
        next = Math.max(next + every.toNanos(), System.nanoTime());
        if (next >= end) {
          return;
        }
        Thread.sleep(Duration.ofNanos(next - System.nanoTime()));
        run(all.get(i % all.size()), kill);
      }
    } catch (InterruptedException cutShort) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(Disturbance one, boolean kill) throws InterruptedException {
    var began = System.nanoTime();
    if (kill) {
      kills.begin(one.name(), began);
    }
    try {
      one.run();
      synchronized (seconds) {
        seconds
            .computeIfAbsent(one.name(), name -> new ArrayList<>())
            .add((System.nanoTime() - began) / 1e9);
      }
    } catch (IOException | RuntimeException e) {
      errors.add(one.name(), e, System.nanoTime());
    }
  }

  /** Seconds that each took until its effect was over, by name. */
  Map<String, List<Double>> seconds() {
    synchronized (seconds) {
      var copy = new TreeMap<String, List<Double>>();
      seconds.forEach((name, all) -> copy.put(name, List.copyOf(all)));
      return copy;
    }
  }

  /** Waits until what was begun is done. */
  void await() throws InterruptedException {
    threads.shutdown();
    if (!threads.awaitTermination(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("a disturbance does not end");
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }
}
