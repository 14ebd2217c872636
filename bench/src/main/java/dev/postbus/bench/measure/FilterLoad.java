package dev.postbus.bench.measure;

import dev.postbus.bench.Target;
import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.SealedMessage;
import dev.postbus.bench.mail.SmtpSession;
import dev.postbus.bench.results.Recorder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Messages through a filter of outgoing mail, straight at its port: from connecting (or from MAIL,
 * on a connection that is reused) to the answer to the message, in milliseconds, and how many a
 * second. Each message has a sender of its own, so that no rate limit counts.
 *
 * @param what which filter, and what is behind it
 * @param port of the filter on this machine
 * @param sizes what is sent
 * @param atOnce connections: first one, then so many
 * @param memory looks at the filter's process, before the first message and after each size
 */
public record FilterLoad(String what, int port, List<Size> sizes, int atOnce, Sampler memory)
    implements Measurement {
  private static final int WARM_UP = 50;

  /**
   * Messages of one size.
   *
   * @param payloadBytes size of the sealed data in a message
   * @param messages of each series
   */
  public record Size(int payloadBytes, int messages) {}

  /** Copies the list. */
  public FilterLoad {
    sizes = List.copyOf(sizes);
  }

  /**
   * 3 KB, 100 KB and 5 MB, over one and over eight connections.
   *
   * @param runs how much: 50 are 400 messages of 3 KB, 100 of 100 KB and 8 of 5 MB
   */
  public static FilterLoad standard(String what, int port, int runs, Sampler memory) {
    return new FilterLoad(
        what,
        port,
        List.of(
            new Size(3_000, 8 * runs),
            new Size(100_000, 2 * runs),
            new Size(5_000_000, Math.max(2, runs / 6))),
        8,
        memory);
  }

  @Override
  public String name() {
    return what;
  }

  @Override
  public void run(Target target, Recorder results) throws IOException, InterruptedException {
    warmUp(target);
    memory.read();
    look("before", results);
    for (var size : sizes) {
      for (var connections : List.of(1, atOnce)) {
        series(target, size, connections, false, results);
        series(target, size, connections, true, results);
      }
      look("after " + Sizes.text(size.payloadBytes()), results);
    }
  }

  private void warmUp(Target target) throws IOException, InterruptedException {
    var message = new SealedMessage(sizes.getFirst().payloadBytes());
    var to = Senders.newAccount(target).address();
    for (int i = 0; i < WARM_UP; i++) {
      var from = Account.fresh(target.domain()).address();
      sendAlone(from, to, message.bytes(from, to));
    }
  }

  private void look(String when, Recorder results) throws IOException {
    for (var reading : memory.read()) {
      results.figure(name() + ": " + reading.name() + " " + when, reading.unit(), reading.value());
    }
  }

  private void series(Target target, Size size, int connections, boolean reused, Recorder results)
      throws IOException, InterruptedException {
    var message = new SealedMessage(size.payloadBytes());
    // Someone new, whose mailbox has room.
    var to = Senders.newAccount(target).address();
    var samples = Collections.synchronizedList(new ArrayList<Double>());
    BlockingQueue<SmtpSession> open = new LinkedBlockingQueue<>();
    long took;
    try {
      for (int i = 0; reused && i < connections; i++) {
        open.add(SmtpSession.toFilter(port, ""));
      }
      took =
          Crew.run(
              connections,
              size.messages(),
              i -> {
                var from = Account.fresh(target.domain()).address();
                var bytes = message.bytes(from, to);
                var session = reused ? open.take() : null;
                var began = System.nanoTime();
                if (session == null) {
                  sendAlone(from, to, bytes);
                } else {
                  session.send(from, to, bytes);
                  open.add(session);
                }
                samples.add(Crew.millis(System.nanoTime() - began));
              });
    } finally {
      Crew.closeAll(new ArrayList<>(open));
    }
    var how =
        "%s: %s, %s, %s"
            .formatted(
                name(),
                Sizes.text(size.payloadBytes()),
                connections == 1 ? "1 connection" : connections + " connections",
                reused ? "reused" : "one a message");
    results.series(how, "ms", samples);
    results.figure(how + ": rate", "messages/s", size.messages() * 1e9 / took);
  }

  private void sendAlone(String from, String to, byte[] message) throws IOException {
    try (var session = SmtpSession.toFilter(port, from)) {
      session.send(to, message);
      session.quit();
    }
  }
}
