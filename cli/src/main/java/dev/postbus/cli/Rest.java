package dev.postbus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Talks to the services' REST interfaces on loopback. */
final class Rest {
  static final ObjectMapper JSON = new ObjectMapper();

  private static final int UNPROCESSABLE = 422;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  /** What a service answered. */
  record Answer(int status, String text) {
    boolean refused() {
      return status == UNPROCESSABLE;
    }

    JsonNode json() {
      try {
        return JSON.readTree(text);
      } catch (IOException e) {
        throw new Failure("a service answered something else than JSON (status " + status + ")");
      }
    }
  }

  /** Asks; empty if the service does not answer. */
  Optional<Answer> tryGet(int port, String path) {
    try {
      return Optional.of(send(HttpRequest.newBuilder(), port, path, Duration.ofSeconds(2)));
    } catch (IOException away) {
      return Optional.empty();
    }
  }

  Answer get(String service, int port, String path) {
    return answered(service, port, HttpRequest.newBuilder(), path);
  }

  Answer send(String service, int port, String method, String path, byte[] body) {
    var request =
        HttpRequest.newBuilder()
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
    return answered(service, port, request, path);
  }

  private Answer answered(String service, int port, HttpRequest.Builder request, String path) {
    try {
      var answer = send(request, port, path, Duration.ofSeconds(30));
      if (answer.status() >= 500) {
        throw new Failure(
            service + " failed (status " + answer.status() + "); see: ./postbus logs " + service);
      }
      return answer;
    } catch (IOException e) {
      throw new Failure(
          service + " does not answer on port " + port + "; see: ./postbus logs " + service);
    }
  }

  private Answer send(HttpRequest.Builder request, int port, String path, Duration timeout)
      throws IOException {
    var complete =
        request.uri(URI.create("http://127.0.0.1:" + port + path)).timeout(timeout).build();
    try {
      var response = client.send(complete, HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
