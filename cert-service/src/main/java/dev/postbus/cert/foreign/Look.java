package dev.postbus.cert.foreign;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a source's files and decides what they mean. A pair that fits is taken at once. What may
 * be half of a change is waited out: another look comes with the other half, and only what stays so
 * is named.
 */
final class Look {
  private static final int MOST_TRIES = 20;
  private static final long CLOCK_TICK_MILLIS = 20;

  private final ForeignSource source;
  private final List<String> names;
  private final PairParser parser;
  private final ForeignListener listener;
  private final Patience patience;
  private @Nullable Found last;
  private long lookedAt;
  private byte[] accepted = new byte[0];
  private @Nullable Pending pending;
  private boolean refused;

  Look(
      ForeignSource source,
      List<String> names,
      PairParser parser,
      ForeignListener listener,
      Patience patience) {
    this.source = source;
    this.names = names;
    this.parser = parser;
    this.listener = listener;
    this.patience = patience;
  }

  /**
   * What is waited out.
   *
   * @param half how long files may be half written before that is called a fault
   * @param chain how long a leaf alone may be the beginning of a chain
   */
  record Patience(Duration half, Duration chain) {
    static final Patience STANDARD = new Patience(Duration.ofSeconds(10), Duration.ofSeconds(2));
  }

  /** The files as they were found; null where there is no pair. */
  private record Found(@Nullable FileState certificate, @Nullable FileState key) {
    static final Found NOTHING = new Found(null, null);

    /** A second write within one tick of the kernel's clock looks like the first. */
    boolean writtenSince(long millis) {
      return Stream.of(Optional.ofNullable(certificate), Optional.ofNullable(key))
          .flatMap(Optional::stream)
          .mapToLong(FileState::changedMillis)
          .anyMatch(
              // Another machine's clock may be ahead of ours.
              at -> at >= millis - CLOCK_TICK_MILLIS && at <= System.currentTimeMillis());
    }
  }

  /** What will be done if nothing changes until then. */
  private record Pending(long atNanos, Runnable decision) {
    static Pending in(Duration time, Runnable decision) {
      return new Pending(System.nanoTime() + time.toNanos(), decision);
    }

    Duration left() {
      return Duration.ofNanos(Math.max(0, atNanos - System.nanoTime()));
    }
  }

  /** Has the next look begin anew. */
  void forget() {
    last = null;
    accepted = new byte[0];
    pending = null;
  }

  /**
   * Looks.
   *
   * @param longest the longest time until the next look is due
   * @return when that is
   */
  Duration again(Duration longest) {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      var begin = System.currentTimeMillis();
      var files = PairFiles.in(source);
      var found = files.map(Look::state).orElse(Found.NOTHING);
      // What was refused may be valid by now: its files need not change for that.
      if (!found.equals(last) || found.writtenSince(lookedAt) || (refused && pending == null)) {
        lookedAt = begin;
        last = found;
        pending = null;
        var decision = decide(files, found);
        if (!stillSo(found)) {
          last = null;
          continue;
        }
        take(decision.get());
      }
      break;
    }
    return carryOut(longest);
  }

  private Duration carryOut(Duration longest) {
    var due = pending;
    if (due == null) {
      return longest;
    }
    if (due.left().isZero()) {
      pending = null;
      due.decision().run();
      return longest;
    }
    return due.left().compareTo(longest) < 0 ? due.left() : longest;
  }

  private void take(Pending decision) {
    if (decision.left().isZero()) {
      decision.decision().run();
    } else {
      pending = decision;
    }
  }

  private boolean stillSo(Found found) {
    return PairFiles.in(source).map(Look::state).orElse(Found.NOTHING).equals(found);
  }

  private static Found state(PairFiles files) {
    try {
      return new Found(FileState.of(files.certificate()), FileState.of(files.key()));
    } catch (IOException goneMeanwhile) {
      return Found.NOTHING;
    }
  }

  private Supplier<Pending> decide(Optional<PairFiles> files, Found found) {
    var certificate = found.certificate();
    var key = found.key();
    if (files.isEmpty() || certificate == null || key == null) {
      return () -> Pending.in(patience.half(), () -> refuse(List.of(PairFiles.missing(source))));
    }
    try {
      var bytes = PairBytes.read(source, certificate, key, files.get());
      var digest = bytes.digest();
      if (!refused && Arrays.equals(digest, accepted)) {
        return () -> Pending.in(Duration.ZERO, () -> {});
      }
      var pair = bytes.parse(parser, names);
      return () ->
          Pending.in(
              pair.issuerMissing() ? patience.chain() : Duration.ZERO, () -> accept(pair, digest));
    } catch (UnusablePair e) {
      return () ->
          Pending.in(e.perhapsHalf() ? patience.half() : Duration.ZERO, () -> refuse(e.problems()));
    } catch (IOException gone) {
      return () -> Pending.in(patience.half(), () -> refuse(List.of(PairFiles.missing(source))));
    }
  }

  private void accept(ForeignPair pair, byte[] digest) {
    listener.accepted(pair);
    accepted = digest;
    refused = false;
  }

  private void refuse(List<String> problems) {
    refused = true;
    listener.refused(problems);
  }
}
