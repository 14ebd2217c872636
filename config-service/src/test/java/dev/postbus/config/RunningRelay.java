package dev.postbus.config;

import dev.postbus.broker.EmbeddedBroker;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A broker, a state folder with an ini file, and a token, for the whole service. */
public final class RunningRelay implements QuarkusTestResourceLifecycleManager {
  static final String TOKEN = "the-token-of-the-tests-only";

  private @Nullable EmbeddedBroker broker;
  private @Nullable Path folder;

  @Override
  public Map<String, String> start() {
    try {
      var made = Files.createTempDirectory("config-service-");
      folder = made;
      var started = EmbeddedBroker.startOnFreePorts(made.resolve("bus"));
      broker = started;
      var ini = Files.createDirectories(made.resolve("config")).resolve("chatmail.ini");
      Files.writeString(ini, "[params]\nmail_domain = _test.example\nmax_load_1m = 6\n");
      var token = Files.writeString(made.resolve("token"), TOKEN);
      return Map.of(
          "postbus.state", made.toString(),
          "postbus.bus", started.bootstrap(),
          "mail.domain", "_test.example",
          "quarkus.http.test-port", Integer.toString(freePort()),
          "postbus.config.listen", "127.0.0.1:" + freePort(),
          "postbus.config.token-file", token.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void stop() {
    if (broker != null) {
      broker.close();
    }
    if (folder != null) {
      try (var all = Files.walk(folder)) {
        for (var file : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
