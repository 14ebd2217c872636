package dev.postbus.bench.measure;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Work for several at once, each on a virtual thread. */
final class Crew {
  private static final Logger log = Logger.getLogger(Crew.class.getName());

  private Crew() {}

  /** One piece of work. */
  @FunctionalInterface
  interface Job {
    void run(int index) throws IOException, InterruptedException;
  }

  /**
   * Does jobs 0 to total - 1, so many at once.
   *
   * @return nanoseconds from the first start to the last end
   */
  static long run(int atOnce, int total, Job job) throws IOException, InterruptedException {
    var next = new AtomicInteger();
    var running = new ArrayList<Future<Integer>>();
    var began = System.nanoTime();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int worker = 0; worker < Math.min(atOnce, total); worker++) {
        running.add(threads.submit(() -> work(next, total, job)));
      }
    }
    var took = System.nanoTime() - began;
    for (var one : running) {
      result(one);
    }
    return took;
  }

  private static int work(AtomicInteger next, int total, Job job)
      throws IOException, InterruptedException {
    int done = 0;
    try {
      for (int i = next.getAndIncrement(); i < total; i = next.getAndIncrement()) {
        job.run(i);
        done++;
      }
      return done;
    } catch (IOException | RuntimeException e) {
      // Nothing more for the others either: the figures are lost anyway.
      next.set(total);
      throw e;
    }
  }

  /** What a task gave, or the exception that it threw. */
  static <T> T result(Future<T> future) throws IOException, InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IOException(e.getCause());
    }
  }

  /** Closes all, also after failures: at the end of a measurement nobody cares how. */
  static void closeAll(List<? extends AutoCloseable> sessions) {
    for (var session : List.copyOf(sessions)) {
      try {
        session.close();
      } catch (Exception e) {
        log.log(Level.FINE, "the relay has hung up first", e);
      }
    }
  }

  static double millis(long nanos) {
    return nanos / 1e6;
  }
}
