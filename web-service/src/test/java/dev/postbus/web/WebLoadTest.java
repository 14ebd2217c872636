package dev.postbus.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.bench.mail.AnyTls;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;

/**
 * The real nginx under load while certificate and configuration change again and again. More of it:
 * {@code -Dload.connections=500 -Dload.changes=20}.
 */
class WebLoadTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int FIRST_ADDRESS = 2;
  private static final int ADDRESSES = 200;

  private final int connections = Integer.getInteger("load.connections", 50);
  private final int changes = Integer.getInteger("load.changes", 6);
  private final AtomicBoolean enough = new AtomicBoolean();
  private final Queue<Long> micros = new ConcurrentLinkedQueue<>();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  @Test
  void noRequestFailsWhileAllChanges() throws Exception {
    try (var nginx = RunningNginx.start(Map.of())) {
      // Given clients that ask as fast as they are answered
      var sockets = AnyTls.newContext().getSocketFactory();
      var clients = new ArrayList<Thread>();
      for (int i = 0; i < connections; i++) {
        var from = InetAddress.ofLiteral("127.0.1." + (FIRST_ADDRESS + i % ADDRESSES));
        var path = List.of("/", "/info", "/style.css", "/qr.png").get(i % 4);
        // Threads of their own: those of the supervisor's probes must not wait for them.
        clients.add(
            Thread.ofPlatform().daemon().start(() -> askAgainAndAgain(nginx, sockets, from, path)));
      }
      await().atMost(LONG).until(() -> micros.size() > connections * 2);

      // When certificate and configuration change
      for (int i = 0; i < changes; i++) {
        var seen = micros.size();
        if (i % 2 == 0) {
          nginx.renew(Map.of("delete_mails_after", "" + (20 + i)));
        } else {
          nginx.change(Map.of("delete_mails_after", "" + (20 + i)));
        }
        await().atMost(LONG).until(() -> micros.size() > seen + connections);
      }

      // Then each of them was answered, and the last change is what is shown
      enough.set(true);
      for (var client : clients) {
        client.join();
      }
      assertThat(nginx.get("/info").body()).contains("after " + (20 + changes - 1) + " days");
    }
    write();
    assertThat(failures).isEmpty();
  }

  private void write() throws IOException {
    var sorted = micros.stream().sorted().toList();
    Files.writeString(
        Path.of("target", "web-load.txt"),
        "connections %d, changes %d, requests %d, failed %d, p50 %d µs, p99 %d µs%n"
            .formatted(
                connections,
                changes,
                sorted.size(),
                failures.size(),
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() * 99 / 100)));
  }

  private void askAgainAndAgain(
      RunningNginx nginx, SSLSocketFactory sockets, InetAddress from, String path) {
    while (!enough.get()) {
      var begin = System.nanoTime();
      try (var plain =
              new Socket(InetAddress.getLoopbackAddress(), nginx.ports().https(), from, 0);
          var tls = sockets.createSocket(plain, RunningNginx.DOMAIN, nginx.ports().https(), true)) {
        ask(tls, path);
        micros.add((System.nanoTime() - begin) / 1000);
      } catch (IOException e) {
        failures.add(path + ": " + e);
      }
    }
  }

  /** Asks once: who speaks HTTP/1.1 has a connection for each request. */
  private void ask(Socket tls, String path) throws IOException {
    tls.getOutputStream()
        .write(
            ("GET " + path + " HTTP/1.1\r\nHost: " + RunningNginx.DOMAIN + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    var in = new BufferedInputStream(tls.getInputStream());
    var head = head(in);
    if (!head.startsWith("HTTP/1.1 200")) {
      failures.add(path + ": " + head.lines().findFirst().orElse(""));
    }
    var length = Integer.parseInt(head.replaceFirst("(?s).*\r\nContent-Length: (\\d+).*", "$1"));
    if (in.readNBytes(length).length < length) {
      throw new IOException("the answer was cut short");
    }
  }

  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      var next = in.read();
      if (next < 0) {
        throw new EOFException(head.isEmpty() ? "closed without an answer" : "cut short");
      }
      head.append((char) next);
    }
    return head.toString();
  }
}
