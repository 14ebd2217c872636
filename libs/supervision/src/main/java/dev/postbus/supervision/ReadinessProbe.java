package dev.postbus.supervision;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** Looks whether a process serves yet. */
final class ReadinessProbe {
  private static final Duration ONE_TRY = Duration.ofSeconds(2);
  private static final Duration FIRST_TRY = Duration.ofMillis(250);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

  private ReadinessProbe() {}

  /** Tries until it serves, the time is up, or it is not alive any more. */
  static boolean await(Readiness readiness, BooleanSupplier alive) {
    var deadline = System.nanoTime() + readiness.timeout().toNanos();
    var pause = SHORTEST_PAUSE;
    var patience = FIRST_TRY;
    while (alive.getAsBoolean()) {
      if (serves(readiness, patience)) {
        return alive.getAsBoolean();
      }
      if (System.nanoTime() > deadline) {
        return false;
      }
      Signals.pause(pause);
      // A reload takes tens of milliseconds, and others wait for its end: not doubled.
      pause =
          pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(3).dividedBy(2) : LONGEST_PAUSE;
      patience = patience.compareTo(ONE_TRY) < 0 ? patience.multipliedBy(2) : ONE_TRY;
    }
    return false;
  }

  static boolean serves(Readiness readiness) {
    return serves(readiness, ONE_TRY);
  }

  /**
   * Looks once.
   *
   * @param patience with a greeting: a process that is about to end may take a connection and never
   *     come to speak, while the next one would at once
   */
  private static boolean serves(Readiness readiness, Duration patience) {
    return switch (readiness) {
      case Readiness.Running ignored -> true;
      case Readiness.Tcp tcp -> accepts(tcp.address());
      case Readiness.Greeting greeting -> greets(greeting, patience);
      case Readiness.Renewed renewed -> renewed.before().hasSuccessor(renewed.file());
      case Readiness.Replaced replaced -> replaced(replaced);
      case Readiness.UnixSocket socket -> unix(socket);
      case Readiness.Command command -> Commands.run(command.command(), ONE_TRY).succeeded();
      case Readiness.Http http -> http(http);
      case Readiness.AllOf all -> all.all().stream().allMatch(one -> serves(one, patience));
    };
  }

  private static boolean replaced(Readiness.Replaced replaced) {
    return replaced.before().entrySet().stream()
        .noneMatch(
            one -> {
              var start = ProcessTable.startTime(one.getKey());
              return start.isPresent()
                  && start.getAsLong() == one.getValue()
                  && !ProcessTable.commandLine(one.getKey()).contains(replaced.leaving());
            });
  }

  private static boolean accepts(InetSocketAddress address) {
    try (var socket = new Socket()) {
      socket.connect(address, (int) ONE_TRY.toMillis());
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static boolean greets(Readiness.Greeting greeting, Duration patience) {
    var wanted = greeting.beginning().get().getBytes(StandardCharsets.US_ASCII);
    var heard = ByteBuffer.allocate(wanted.length);
    var deadline = System.nanoTime() + patience.toNanos();
    try (var channel = SocketChannel.open(greeting.address());
        var readable = Selector.open()) {
      channel.configureBlocking(false);
      channel.register(readable, SelectionKey.OP_READ);
      while (heard.hasRemaining() && System.nanoTime() < deadline) {
        readable.select(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
        if (channel.read(heard) < 0) {
          return false;
        }
      }
      return Arrays.equals(wanted, heard.array());
    } catch (IOException | UncheckedIOException notYet) {
      return false;
    }
  }

  private static boolean unix(Readiness.UnixSocket socket) {
    try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket.path()));
    } catch (IOException notYet) {
      return false;
    }
  }

  private static boolean http(Readiness.Http http) {
    try {
      var connection = (HttpURLConnection) http.uri().toURL().openConnection();
      connection.setInstanceFollowRedirects(false);
      connection.setConnectTimeout((int) ONE_TRY.toMillis());
      connection.setReadTimeout((int) ONE_TRY.toMillis());
      var status = connection.getResponseCode();
      connection.disconnect();
      return status == http.status();
    } catch (IOException notYet) {
      return false;
    }
  }
}
