package dev.postbus.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * Tells a proxy before this one that it is to send clients elsewhere, before nginx ends.
 *
 * @param run the folder that nginx looks into for the sign
 */
record Leaving(Path run) {
  /** The sign: a file. */
  static final String SIGN = "leaving";

  /** A proxy that looks each second has seen it by then, also on a machine with much to do. */
  private static final Duration SEEN = Duration.ofSeconds(5);

  /** Takes the sign down, which a process that was stopped has left. */
  void stay() {
    try {
      Files.deleteIfExists(sign());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + sign(), e);
    }
  }

  /** Puts the sign up. */
  void announce() {
    try {
      Files.createFile(sign());
    } catch (FileAlreadyExistsException e) {
      // It is up.
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + sign(), e);
    }
  }

  /** Puts the sign up, if it is not, and returns when it has been seen. */
  void awaitSeen() {
    announce();
    try {
      var since = Files.getLastModifiedTime(sign()).toInstant();
      Thread.sleep(max(Duration.ZERO, SEEN.minus(Duration.between(since, Instant.now()))));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + sign(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private Path sign() {
    return run.resolve(SIGN);
  }
}
