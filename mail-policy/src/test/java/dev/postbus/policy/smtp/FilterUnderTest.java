package dev.postbus.policy.smtp;

import dev.postbus.policy.message.MessageJudge;
import dev.postbus.policy.net.Deadlines;
import dev.postbus.policy.net.Listener;
import dev.postbus.testing.FreePort;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;

/** A filter between real sockets, with a next server of ours. */
final class FilterUnderTest implements AutoCloseable {
  static final SessionLimits LIMITS =
      new SessionLimits(
          Duration.ofMinutes(1), Duration.ofSeconds(20), Duration.ofSeconds(30), 5, 4);

  final SpoolFolder spools;
  final TestHop hop;
  final int port;
  final FilterCounters counters = new FilterCounters();
  private final Deadlines deadlines = new Deadlines(Duration.ofMillis(20));
  private final Listener listener;

  FilterUnderTest(Path folder, MailRules rules, SessionLimits limits, LongSupplier maxMessageSize)
      throws IOException {
    spools = SpoolFolder.open(folder.resolve("spool"), 8 << 20);
    hop = new TestHop(spools);
    port = FreePort.any();
    var server =
        new FilterServer(
            rules,
            new NextHop(hop.port(), limits, deadlines),
            maxMessageSize,
            spools,
            deadlines,
            limits,
            counters);
    listener = Listener.onLoopback(port, "filter", server);
  }

  static FilterUnderTest outgoing(Path folder, SessionLimits limits) throws IOException {
    return new FilterUnderTest(folder, outgoing(sender -> true), limits, () -> 31_457_280);
  }

  /** The rules for mail of own users, with work done by this process. */
  static MailRules outgoing(MailRules.Rate rate) {
    return new MailRules.Outgoing(rate, message -> MessageJudge.judge(message.open(), true));
  }

  SmtpClient connect() throws IOException {
    return new SmtpClient(port);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    hop.close();
    deadlines.close();
  }
}
