package dev.postbus.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Tells a proxy before this one that it is to send clients elsewhere, before nginx ends.
 *
 * @param run the folder that nginx looks into for the sign
 */
record Leaving(Path run) {
  /** The sign: a file. */
  static final String SIGN = "leaving";

  /** What nginx answers where the sign is looked for. */
  static final int STATUS = 503;

  /** A proxy that looks each second has seen it by then, also on a machine with much to do. */
  private static final Duration SEEN = Duration.ofSeconds(5);

  // Two backends of a balancer look twice each before they believe it, and not quite in turn.
  private static final int TIMES = 6;
  private static final Duration UNLESS_NOBODY_LOOKS = Duration.ofSeconds(3);
  private static final Duration LONGEST = Duration.ofSeconds(15);
  private static final Duration PAUSE = Duration.ofMillis(50);

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

  /**
   * Puts the sign up, and returns when a proxy that looks has had to see it, which on a machine
   * with much to do may be later than it wants to look.
   *
   * @param told how often the sign has been answered with
   */
  void announce(LongSupplier told) {
    announce();
    var before = told.getAsLong();
    var begun = System.nanoTime();
    try {
      for (long times = 0; times < TIMES; times = told.getAsLong() - before) {
        var patience = times == 0 ? UNLESS_NOBODY_LOOKS : LONGEST;
        if (System.nanoTime() - begun > patience.toNanos()) {
          return;
        }
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
