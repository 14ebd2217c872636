package dev.postbus.bench.soak;

import java.io.IOException;
import java.time.Duration;

/**
 * Does something again and again until it is interrupted; an error is counted, and the next try
 * made a little later, as mail programs do.
 */
record Loop(String doing, Errors errors, Step step) implements Runnable {
  private static final Duration AFTER_ERROR = Duration.ofMillis(500);

  /** Once. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException, InterruptedException;
  }

  @Override
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try {
          step.run();
        } catch (IOException | RuntimeException e) {
          errors.add(doing, e, System.nanoTime());
          Thread.sleep(AFTER_ERROR);
        }
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }
}
