package dev.postbus.bench.certs;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Makes one handshake after another with each listener, and remembers what is served. */
public final class Handshakes implements AutoCloseable {
  private final List<Listener> listeners;
  private final Duration pause;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<Listener, Seen> latest = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Seen> changes = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicLong made = new AtomicLong();
  private volatile boolean closed;

  /**
   * A chain as a client got it.
   *
   * @param nanos when its handshake was over, by {@link System#nanoTime}
   * @param at the same on the clock
   */
  public record Seen(Listener listener, List<X509Certificate> chain, long nanos, Instant at) {
    /** Fingerprint of the leaf. */
    public String fingerprint() {
      return MadePair.fingerprint(chain.getFirst());
    }
  }

  private Handshakes(List<Listener> listeners, Duration pause) {
    this.listeners = List.copyOf(listeners);
    this.pause = pause;
  }

  /**
   * Begins.
   *
   * @param pause between two handshakes with a listener
   */
  public static Handshakes with(List<Listener> listeners, Duration pause) {
    var handshakes = new Handshakes(listeners, pause);
    listeners.forEach(listener -> handshakes.threads.execute(() -> handshakes.shake(listener)));
    return handshakes;
  }

  private void shake(Listener listener) {
    try {
      while (!closed) {
        try {
          var chain = listener.handshake();
          made.incrementAndGet();
          note(new Seen(listener, chain, System.nanoTime(), Instant.now()));
        } catch (IOException e) {
          failures.add(Instant.now() + " " + listener.name() + ": " + e);
        }
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void note(Seen seen) {
    var before = latest.put(seen.listener(), seen);
    if (before == null || !before.chain().equals(seen.chain())) {
      changes.add(seen);
    }
  }

  /** What each listener served when it was asked last. */
  public Map<Listener, Seen> latest() {
    return Map.copyOf(latest);
  }

  /** Each time that a listener served another chain than before. */
  public List<Seen> changes() {
    return List.copyOf(changes);
  }

  /** Whether all of them served a certificate when they were asked last. */
  public boolean allServe(String fingerprint) {
    return listeners.stream()
        .allMatch(
            listener -> {
              var seen = latest.get(listener);
              return seen != null && seen.fingerprint().equals(fingerprint);
            });
  }

  /**
   * Waits until all of them serve a certificate.
   *
   * @throws IOException if they do not in time, with what they serve
   */
  public void await(String fingerprint, Duration patience)
      throws IOException, InterruptedException {
    var end = System.nanoTime() + patience.toNanos();
    while (!allServe(fingerprint)) {
      if (System.nanoTime() > end) {
        var served = new StringBuilder();
        latest.forEach(
            (who, seen) ->
                served
                    .append(' ')
                    .append(who.name())
                    .append(' ')
                    .append(seen.fingerprint(), 0, 12));
        throw new IOException(
            "%s is not served by all within %d s:%s; last failures: %s"
                .formatted(
                    fingerprint.substring(0, 12),
                    patience.toSeconds(),
                    served,
                    failures.stream().skip(Math.max(0, failures.size() - 3)).toList()));
      }
      Thread.sleep(2);
    }
  }

  /** Handshakes that failed, in words. */
  public List<String> failures() {
    return List.copyOf(failures);
  }

  /** Handshakes that were made. */
  public long made() {
    return made.get();
  }

  @Override
  public void close() {
    closed = true;
    threads.close();
  }
}
