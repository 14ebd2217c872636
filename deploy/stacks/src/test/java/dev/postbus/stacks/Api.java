package dev.postbus.stacks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** The services' interfaces on loopback, without the command. */
final class Api {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private Api() {}

  /**
   * What a service answers, whatever its status.
   *
   * @throws IOException if it does not
   */
  static HttpResponse<String> get(int port, String path) throws IOException {
    return exchange(HttpRequest.newBuilder(), port, path);
  }

  /** The same as JSON; empty if it was not 200. */
  static JsonNode json(int port, String path) throws IOException {
    var answer = get(port, path);
    return answer.statusCode() == 200
        ? Cli.JSON.readTree(answer.body())
        : Cli.JSON.createObjectNode();
  }

  /** Asks for a change; the status. */
  static int patch(int port, String path, byte[] body) throws IOException {
    return send("PATCH", port, path, body, Map.of()).statusCode();
  }

  /** Asks for something with JSON; what is answered, whatever its status. */
  static HttpResponse<String> send(
      String method, int port, String path, byte[] body, Map<String, String> headers)
      throws IOException {
    var request =
        HttpRequest.newBuilder()
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    return exchange(request, port, path);
  }

  private static HttpResponse<String> exchange(HttpRequest.Builder request, int port, String path)
      throws IOException {
    var complete =
        request
            .uri(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(30))
            .build();
    try {
      return CLIENT.send(complete, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
