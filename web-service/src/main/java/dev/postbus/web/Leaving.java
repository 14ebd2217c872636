package dev.postbus.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Tells a proxy before this one that it is to send clients elsewhere, before nginx ends.
 *
 * @param run the folder that nginx looks into for the sign
 */
record Leaving(Path run) {
  /** The sign: a file. */
  static final String SIGN = "leaving";

  /** A proxy that looks each second has seen it by then, and whoever was on the way has arrived. */
  private static final Duration SEEN = Duration.ofSeconds(3);

  /** Takes the sign down, which a process that was stopped has left. */
  void stay() {
    try {
      Files.deleteIfExists(run.resolve(SIGN));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + run.resolve(SIGN), e);
    }
  }

  /** Puts the sign up, and returns when it has been seen. */
  void announce() {
    try {
      Files.createFile(run.resolve(SIGN));
      Thread.sleep(SEEN);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + run.resolve(SIGN), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
