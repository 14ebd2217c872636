package dev.postbus.policy.smtp;

import dev.postbus.policy.net.Deadlines;
import dev.postbus.policy.net.Listener;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * All that the connections of one filter have in common.
 *
 * @param maxMessageSize bytes, asked for anew for each message
 */
record FilterServer(
    MailRules rules,
    Delivery delivery,
    LongSupplier maxMessageSize,
    SpoolFolder spools,
    Deadlines deadlines,
    SessionLimits limits,
    FilterCounters counters)
    implements Listener.Service {
  private static final Duration TO_SAY_GOODBYE = Duration.ofSeconds(5);

  @Override
  public void serve(SocketChannel connection) throws IOException {
    connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
    var closed = limits.session().plus(limits.delivery()).plus(TO_SAY_GOODBYE);
    var hardEnd = deadlines.after(closed, connection::close);
    try (var end = deadlines.after(limits.session(), connection::shutdownInput)) {
      new FilterSession(
              this, Channels.newInputStream(connection), Channels.newOutputStream(connection))
          .run(end::passed);
    } finally {
      hardEnd.takeBack();
    }
  }
}
