package dev.postbus.bench.measure;

import dev.postbus.bench.Target;
import dev.postbus.bench.results.Recorder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * From DATA to EXISTS at clients that have been in IDLE for so long that the relay has put them
 * aside, in milliseconds. Each gets one message; all wait side by side.
 *
 * @param receivers clients, so also messages
 * @param idle how long the last client waits at least, longer than the relay's own limit
 * @param gap from one message to the next
 * @param payloadBytes size of the sealed data in a message
 */
public record OutOfHibernation(int receivers, Duration idle, Duration gap, int payloadBytes)
    implements Measurement {

  /** Messages of 3 KB after 33 s, more than the 30 s of a relay with default settings. */
  public static OutOfHibernation withReceivers(int receivers) {
    return new OutOfHibernation(receivers, Duration.ofSeconds(33), Duration.ofMillis(300), 3_000);
  }

  @Override
  public String name() {
    return "out of hibernation, " + Sizes.text(payloadBytes);
  }

  @Override
  public void run(Target target, Recorder results) throws IOException, InterruptedException {
    var waiting = Collections.synchronizedList(new ArrayList<Receiver>());
    var deliveries = new ArrayList<Future<Receiver.Delivery>>();
    try {
      // Warms up all that does not sleep: filters, queue, and this JVM.
      try (var first = Receiver.open(target);
          var senders = Senders.open(target, gap, payloadBytes)) {
        first.deliver(senders);
      }
      Crew.run(4, receivers, i -> waiting.add(Receiver.open(target)));
      Thread.sleep(idle);
      try (var senders = Senders.open(target, gap, payloadBytes);
          var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (var receiver : waiting) {
          deliveries.add(threads.submit(() -> receiver.deliver(senders)));
          Thread.sleep(gap);
        }
      }
    } finally {
      Crew.closeAll(waiting);
    }
    var samples = new ArrayList<Double>();
    for (var delivery : deliveries) {
      var done = Crew.result(delivery);
      if (done.arrived()) {
        samples.add(done.latency());
      }
    }
    results.series(name(), "ms", samples);
    results.figure(
        name() + ": not told within a minute", "messages", deliveries.size() - samples.size());
  }
}
