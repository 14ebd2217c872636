package dev.postbus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Talks to the services' REST interfaces. */
final class Rest {
  static final ObjectMapper JSON = new ObjectMapper();

  private static final int TOO_LARGE = 413;
  private static final int UNPROCESSABLE = 422;
  private static final Duration LONG = Duration.ofSeconds(30);

  /** For what goes through the whole log. */
  private static final Duration VERY_LONG = Duration.ofMinutes(10);

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
    return tryGet(Containers.here().host(port), port, path);
  }

  /** Asks one of several; empty if it does not answer. */
  Optional<Answer> tryGet(String host, int port, String path) {
    try {
      return Optional.of(fetch(at(host, port, path), Duration.ofSeconds(2)));
    } catch (IOException away) {
      return Optional.empty();
    }
  }

  Answer get(String service, int port, String path) {
    return answered(service, port, () -> fetch(at(port, path), LONG));
  }

  Answer send(String service, int port, String method, String path, byte[] body) {
    return send(service, port, method, path, Map.of(), body);
  }

  Answer send(
      String service,
      int port,
      String method,
      String path,
      Map<String, String> headers,
      byte[] body) {
    return send(service, Containers.here().host(port), port, method, path, headers, body);
  }

  /** The same at a host where it is known by another name. */
  Answer send(
      String service,
      String host,
      int port,
      String method,
      String path,
      Map<String, String> headers,
      byte[] body) {
    var request =
        HttpRequest.newBuilder()
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    return send(service, port, at(host, port, path), request, LONG);
  }

  /** Posts what may take minutes. */
  Answer postLong(String service, int port, String path, byte[] body) {
    var request =
        HttpRequest.newBuilder()
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    return send(service, port, at(port, path), request, VERY_LONG);
  }

  private static Answer send(
      String service, int port, URI where, HttpRequest.Builder request, Duration patience) {
    Containers.here().authorization().ifPresent(value -> request.header("Authorization", value));
    return answered(service, port, () -> send(request, where, patience));
  }

  private interface Exchange {
    Answer run() throws IOException;
  }

  private static Answer answered(String service, int port, Exchange exchange) {
    try {
      var answer = exchange.run();
      if (answer.status() >= 500) {
        throw new Failure(
            service + " failed (status " + answer.status() + "); see: ./postbus logs " + service);
      }
      if (answer.status() == TOO_LARGE) {
        throw new Failure(service + " does not take so much at once: nothing was changed");
      }
      return answer;
    } catch (IOException e) {
      throw new Failure(
          service + " does not answer on port " + port + "; see: ./postbus logs " + service);
    }
  }

  /** Through the older of the JDK's clients: it takes a third of a second less to load. */
  private static Answer fetch(URI where, Duration timeout) throws IOException {
    var connection = (HttpURLConnection) where.toURL().openConnection();
    Containers.here()
        .authorization()
        .ifPresent(value -> connection.setRequestProperty("Authorization", value));
    connection.setConnectTimeout(2000);
    connection.setReadTimeout((int) timeout.toMillis());
    var status = connection.getResponseCode();
    try (var in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      var body = in == null ? new byte[0] : in.readAllBytes();
      return new Answer(status, new String(body, StandardCharsets.UTF_8));
    }
  }

  /** Through the newer, which knows PATCH. */
  private static Answer send(HttpRequest.Builder request, URI where, Duration patience)
      throws IOException {
    var complete = request.uri(where).timeout(patience).build();
    try (var client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build()) {
      var response = client.send(complete, HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static URI at(int port, String path) {
    return at(Containers.here().host(port), port, path);
  }

  private static URI at(String host, int port, String path) {
    return URI.create(
        "http://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port + path);
  }
}
