package dev.postbus.policy.helper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Helpers that do not behave: the work is done all the same. */
class HelperFaultsTest {
  private static final byte[] MESSAGE =
      "From: <a@b.test>\r\n\r\nhello\r\n".getBytes(StandardCharsets.US_ASCII);

  @Test
  void whoeverIsNoHelperGetsNoWork() throws Exception {
    try (var stranger = new Peer("220 not a helper\r\n")) {
      var helpers = Helpers.start(() -> List.of(stranger.address()));
      try (helpers) {
        await().until(() -> stranger.connections() >= 2);

        assertThat(helpers.views()).hasSize(1).noneMatch(Helpers.View::serves);
        assertThat(hash(helpers)).startsWith("{SHA512-CRYPT}");
      }
    }
  }

  @Test
  void oneThatHangsUpWithinAnAnswerIsNotAskedAgainAndTheWorkIsDone() throws Exception {
    // Given one that answers the question whether it is there, and hangs up after that
    try (var broken = new Peer(Wire.GREETING + "A")) {
      try (var helpers = Helpers.start(() -> List.of(broken.address()))) {
        await()
            .atMost(Duration.ofSeconds(10))
            .until(() -> helpers.views().stream().anyMatch(Helpers.View::serves));
        var work = new SharedWork(helpers, name -> List.of());

        var judgement = work.judge(() -> new ByteArrayInputStream(MESSAGE), true);

        assertThat(judgement.from()).containsExactly("a@b.test");
        assertThat(work.byItself()).isEqualTo(1);
      }
    }
  }

  @Test
  void whatHelpersAreAtIsCheckedAtTheStart() {
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> Helpers.at("mail-policy"))
        .hasMessageContaining("HOST:PORT");
  }

  private static String hash(Helpers helpers) throws IOException {
    return new SharedWork(helpers, name -> List.of()).hash("secret-123");
  }

  /** Says the same to everybody, and hangs up as soon as somebody says something else. */
  private static final class Peer implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Integer> connections = new CopyOnWriteArrayList<>();

    private Peer(String words) throws IOException {
      Thread.ofVirtual()
          .start(
              () -> {
                while (!server.isClosed()) {
                  try (var socket = server.accept()) {
                    connections.add(socket.getPort());
                    socket.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
                    socket.getInputStream().read();
                  } catch (IOException e) {
                    connections.add(0);
                  }
                }
              });
    }

    private InetSocketAddress address() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
    }

    private int connections() {
      return connections.size();
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
