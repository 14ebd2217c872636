package dev.postbus.bench.measure;

import dev.postbus.bench.Target;
import dev.postbus.bench.results.Recorder;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients in IDLE that get messages after gaps of random length, so that a message comes at any
 * moment of the relay's own clocks: finds notifications that are late now and then.
 *
 * @param clients side by side
 * @param deliveries altogether
 * @param longestGap gaps are from 0 to this, each as likely
 * @param late from when on a notification is worth a remark
 * @param seed of the gaps: the same ones again in the next run
 */
public record RandomGaps(int clients, int deliveries, Duration longestGap, Duration late, long seed)
    implements Measurement {
  private static final int PAYLOAD_BYTES = 3_000;

  /** Gaps of up to 40 s, late after 1 s. */
  public static RandomGaps of(int clients, int deliveries) {
    return new RandomGaps(clients, deliveries, Duration.ofSeconds(40), Duration.ofSeconds(1), 1);
  }

  private record Late(Instant seen, int client, double gap, Receiver.Delivery delivery) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "late: seen at %s by client %d, %s, IDLE since %.3f s, gap %.3f s",
          seen,
          client,
          delivery.arrived()
              ? String.format(Locale.ROOT, "%.0f ms", delivery.latency())
              : "not told within a minute",
          delivery.idle(),
          gap);
    }
  }

  @Override
  public String name() {
    return "random gaps up to %d s, %d clients".formatted(longestGap.toSeconds(), clients);
  }

  @Override
  public void run(Target target, Recorder results) throws IOException, InterruptedException {
    List<Double> samples = Collections.synchronizedList(new ArrayList<>());
    List<Late> lateOnes = Collections.synchronizedList(new ArrayList<>());
    var receivers = Collections.synchronizedList(new ArrayList<Receiver>());
    var left = new AtomicInteger(deliveries);
    // Twice as many senders as needed on average: hardly any message waits for its turn.
    var every = longestGap.dividedBy(4L * clients);
    try (var senders = Senders.open(target, every, PAYLOAD_BYTES)) {
      // All are in IDLE before it begins: what first logins cost is another measurement.
      Crew.run(4, clients, client -> receivers.add(Receiver.open(target)));
      Crew.run(
          clients,
          clients,
          client -> {
            var receiver = receivers.get(client);
            // Not Random: with seeds in a row, all of its first values are nearly the same.
            var gaps = new SplittableRandom(seed * 1_000_003 + client);
            while (left.getAndDecrement() > 0) {
              var gap = gaps.nextDouble() * longestGap.toMillis();
              Thread.sleep(Duration.ofMillis((long) gap));
              var delivery = receiver.deliver(senders);
              if (delivery.arrived()) {
                samples.add(delivery.latency());
              }
              if (!delivery.arrived() || delivery.latency() > late.toMillis()) {
                lateOnes.add(new Late(Instant.now(), client, gap / 1_000, delivery));
              }
            }
          });
    } finally {
      Crew.closeAll(receivers);
    }
    results.series(name(), "ms", samples);
    results.figure(
        name() + ": later than %d ms".formatted(late.toMillis()), "messages", lateOnes.size());
    for (var one : lateOnes) {
      results.remark(one.toString());
    }
  }
}
