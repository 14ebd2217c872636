package dev.postbus.policy.metrics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Fetches a page of another process on loopback, of limited size and in limited time. */
final class LoopbackPage {
  private static final int CONNECT_MILLIS = 1000;
  private static final int READ_MILLIS = 2000;
  private static final int LARGEST = 512 * 1024;
  private static final Duration LONGEST = Duration.ofSeconds(4);

  private LoopbackPage() {}

  /**
   * Fetches a page.
   *
   * @throws IOException if there is none, or it is too large or too slow
   */
  static String get(int port, String path) throws IOException {
    var url = URI.create("http://127.0.0.1:" + port + path).toURL();
    var connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(READ_MILLIS);
    connection.setInstanceFollowRedirects(false);
    try {
      var until = System.nanoTime() + LONGEST.toNanos();
      if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
        throw new IOException("the answer is " + connection.getResponseCode());
      }
      var body = new ByteArrayOutputStream();
      var buffer = new byte[8 * 1024];
      try (var in = connection.getInputStream()) {
        for (var length = in.read(buffer); length >= 0; length = in.read(buffer)) {
          body.write(buffer, 0, length);
          if (body.size() > LARGEST || System.nanoTime() - until > 0) {
            throw new IOException("the page is too large or too slow");
          }
        }
      }
      return body.toString(StandardCharsets.ISO_8859_1);
    } finally {
      connection.disconnect();
    }
  }
}
