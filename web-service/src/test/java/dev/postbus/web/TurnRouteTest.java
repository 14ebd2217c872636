package dev.postbus.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postbus.testing.FreePort;
import dev.postbus.testing.TestDaemon;
import dev.postbus.testing.TurnByTls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way through the real nginx to the real coturn, for who is let out by TLS only. */
class TurnRouteTest {
  @TempDir Path folder;

  @Test
  void whoAsksForTurnOnTheSharedPortReachesIt() throws Exception {
    var port = FreePort.any();
    var coturn = coturn(port);
    try (var nginx = RunningNginx.start(Map.of(), peers(Optional.of("127.0.0.1:" + port)))) {
      assertThat(TurnByTls.ask(nginx.ports().https())).isEqualTo(TurnByTls.BOUND);
    } finally {
      coturn.close();
    }
  }

  @Test
  void withoutOneNobodyAnswersByStun() throws Exception {
    try (var nginx = RunningNginx.start(Map.of(), peers(Optional.empty()))) {
      assertThatThrownBy(() -> TurnByTls.ask(nginx.ports().https()))
          .isInstanceOf(IOException.class);
    }
  }

  private TestDaemon coturn(int port) throws IOException, InterruptedException {
    return TestDaemon.start(
        List.of(
            "turnserver",
            "-n",
            "--listening-ip=127.0.0.1",
            "--listening-port=" + port,
            "--no-udp",
            "--no-tls",
            "--no-dtls",
            "--no-cli",
            "--userdb=" + folder.resolve("db"),
            "--pidfile=" + folder.resolve("pid"),
            "--log-file=stdout"),
        Map.of(),
        folder.resolve("log"),
        port);
  }

  private static Peers peers(Optional<String> turn) {
    return new Peers("127.0.0.1", "127.0.0.1:1", "127.0.0.1:1", Optional.empty(), turn);
  }
}
