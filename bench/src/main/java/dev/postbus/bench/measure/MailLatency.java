package dev.postbus.bench.measure;

import dev.postbus.bench.Target;
import dev.postbus.bench.results.Recorder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;

/**
 * From the command DATA to EXISTS at a client in IDLE, in milliseconds.
 *
 * @param runs messages
 * @param gap from the start of one message to that of the next, at least
 * @param payloadBytes size of the sealed data in a message
 */
public record MailLatency(int runs, Duration gap, int payloadBytes) implements Measurement {
  private static final int WARM_UP = 3;

  /** Messages of 3 KB at the pace that a relay allows one sender. */
  public static MailLatency withRuns(int runs) {
    return new MailLatency(runs, Senders.PAUSE, 3_000);
  }

  @Override
  public String name() {
    return "mail latency, " + Sizes.text(payloadBytes);
  }

  @Override
  public void run(Target target, Recorder results) throws IOException, InterruptedException {
    var samples = new ArrayList<Double>();
    int lost = 0;
    try (var receiver = Receiver.open(target);
        var senders = Senders.open(target, gap, payloadBytes)) {
      for (int i = -WARM_UP; i < runs; i++) {
        var next = System.nanoTime() + gap.toNanos();
        var delivery = receiver.deliver(senders);
        if (!delivery.arrived()) {
          lost++;
        } else if (i >= 0) {
          samples.add(delivery.latency());
        }
        Thread.sleep(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
      }
    }
    results.series(name(), "ms", samples);
    results.figure(name() + ": not told within a minute", "messages", lost);
  }
}
