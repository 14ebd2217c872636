package dev.postbus.supervision;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
  void aUnixSocketGreetsTooAndWhatIsAwaitedMayChange(@TempDir Path folder) throws Exception {
    var path = folder.resolve("ready");
    try (var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      listening.bind(UnixDomainSocketAddress.of(path));
      var served =
          pool.submit(
              () -> {
                for (int i = 0; i < 2; i++) {
                  try (var client = listening.accept()) {
                    client.write(ByteBuffer.wrap("220 /rendered/7/postfix\r\n".getBytes(US_ASCII)));
                  }
                }
                return true;
              });
      var inForce = new ArrayDeque<>(List.of("220 /rendered/8/postfix", "220 /rendered/7/postfix"));

      assertThat(ReadinessProbe.await(Readiness.greeting(path, inForce::removeFirst), () -> true))
          .isTrue();
      assertThat(inForce).isEmpty();
      assertThat(served.get()).isTrue();
    }
  }

  @Test
  void aFileIsRenewedWhenAnotherIsThere(@TempDir Path folder) throws Exception {
    var file = Files.createFile(folder.resolve("socket"));
    var renewed = new Readiness.Renewed(file, FileIdentity.of(file), Duration.ZERO);

    assertThat(ReadinessProbe.await(renewed, () -> true)).isFalse();
    Files.delete(file);
    assertThat(ReadinessProbe.await(renewed, () -> true)).isFalse();
    Files.createFile(file);
    assertThat(ReadinessProbe.await(renewed, () -> true)).isTrue();
  }

  @Test
  void aServerWithoutAnEndOfLineIsNotListenedToForEver() throws Exception {
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      pool.submit(() -> greet(List.of("220 " + "x".repeat(100_000))));

      assertThat(ReadinessProbe.await(expecting("220 new", Duration.ZERO), () -> true)).isFalse();
    }
  }

  private Readiness expecting(String greeting, Duration timeout) {
    return new Readiness.Greeting(server.getLocalSocketAddress(), () -> greeting, timeout);
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
