package dev.postbus.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With real sockets. */
class ReadinessProbeTest {
  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void aServerIsReadyWhenItsGreetingIsTheWantedOne() throws Exception {
    // Given one that greets by its old configuration at first, once with nothing at all
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = pool.submit(() -> greet(List.of("220 old\r\n", "", "220 new\r\n")));

      // When it is waited for
      var ready = ReadinessProbe.await(expecting("220 new", Duration.ofSeconds(30)), () -> true);

      // Then it was asked until it used the new one
      assertThat(ready).isTrue();
      assertThat(all.get()).isEqualTo(3);
    }
  }

  @Test
  void aServerThatGreetsOtherwiseIsNotReady() throws Exception {
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> all = pool.submit(() -> greet(List.of("220 old\r\n")));

      assertThat(ReadinessProbe.await(expecting("220 new", Duration.ZERO), () -> true)).isFalse();
      assertThat(all.get()).isEqualTo(1);
    }
  }

  @Test
  void aProcessThatDoesNotComeToGreetIsNotWaitedForLong() throws Exception {
    // Given a connection that is taken and held by one who says nothing, before another greets
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> second =
          pool.submit(
              () -> {
                try (var silent = server.accept()) {
                  var served = greet(List.of("220 new\r\n"));
                  return silent.isClosed() ? 0 : served;
                }
              });

      // Then the other is met while the first still holds its connection
      assertThat(ReadinessProbe.await(expecting("220 new", Duration.ofSeconds(30)), () -> true))
          .isTrue();
      assertThat(second.get()).isEqualTo(1);
    }
  }

  @Test
  void aServerWithoutAnEndOfLineIsNotListenedToForEver() throws Exception {
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      pool.submit(() -> greet(List.of("220 " + "x".repeat(100_000))));

      assertThat(ReadinessProbe.await(expecting("220 new", Duration.ZERO), () -> true)).isFalse();
    }
  }

  private Readiness expecting(String greeting, Duration timeout) {
    return new Readiness.Greeting(
        (InetSocketAddress) server.getLocalSocketAddress(), greeting, timeout);
  }

  private int greet(List<String> greetings) throws IOException {
    var served = 0;
    for (var greeting : greetings) {
      try (var client = server.accept()) {
        client.getOutputStream().write(greeting.getBytes(StandardCharsets.US_ASCII));
        served++;
      } catch (IOException gone) {
        served++;
      }
    }
    return served;
  }
}
