package dev.postbus.web.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.postbus.access.TokenFile;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks the services by their HTTP interfaces.
 *
 * @param where host and port of each
 * @param token file of what one service shows to another; empty where all are on loopback
 */
record Services(Map<Service, String> where, Optional<Path> token) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CONNECT_MILLIS = 1000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int LARGEST = 8 << 20;

  Services {
    where = Map.copyOf(where);
  }

  /** What a service answered, with a status below 500. */
  record Answer(int status, String text) {
    boolean good() {
      return status < 300;
    }

    /** Its JSON; a node that is missing if it is none. */
    JsonNode json() {
      try {
        return JSON.readTree(text);
      } catch (IOException e) {
        return MissingNode.getInstance();
      }
    }

    /** Why it was refused. */
    List<String> problems() {
      var problems = new ArrayList<String>();
      json().path("problems").forEach(one -> problems.add(one.path("message").asText()));
      return problems.isEmpty() && !good() ? List.of("status " + status) : problems;
    }
  }

  /** What is there. */
  Answer get(Service service, String path) throws ServiceAway {
    return ask(service, "GET", path, null);
  }

  /** Asks for a change; {@code body} becomes JSON. */
  Answer send(Service service, String method, String path, Object body) throws ServiceAway {
    try {
      var bytes = JSON.writeValueAsBytes(body);
      // The older client, which is otherwise preferred as it needs less, does not know PATCH.
      return method.equals("PATCH")
          ? patch(service, path, bytes)
          : ask(service, method, path, bytes);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot be written as JSON", e);
    }
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private URI at(Service service, String path) {
    return URI.create("http://" + where.get(service) + path);
  }

  private Answer ask(Service service, String method, String path, byte @Nullable [] body)
      throws ServiceAway {
    try {
      var connection = (HttpURLConnection) at(service, path).toURL().openConnection();
      connection.setRequestMethod(method);
      connection.setConnectTimeout(CONNECT_MILLIS);
      connection.setReadTimeout((int) PATIENCE.toMillis());
      if (token.isPresent()) {
        connection.setRequestProperty("Authorization", new TokenFile(token.get()).authorization());
      }
      if (body != null) {
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setDoOutput(true);
        try (var out = connection.getOutputStream()) {
          out.write(body);
        }
      }
      var status = connection.getResponseCode();
      try (var in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        return answer(service, status, in == null ? new byte[0] : in.readNBytes(LARGEST));
      }
    } catch (IOException e) {
      throw new ServiceAway(service, "does not answer", e);
    }
  }

  private Answer patch(Service service, String path, byte[] body) throws ServiceAway {
    try (var client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofMillis(CONNECT_MILLIS))
            .build()) {
      var request =
          HttpRequest.newBuilder(at(service, path))
              .timeout(PATIENCE)
              .header("Content-Type", "application/json")
              .method("PATCH", HttpRequest.BodyPublishers.ofByteArray(body));
      if (token.isPresent()) {
        request.header("Authorization", new TokenFile(token.get()).authorization());
      }
      var response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return answer(service, response.statusCode(), response.body());
    } catch (IOException e) {
      throw new ServiceAway(service, "does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceAway(service, "was not waited for", e);
    }
  }

  private static Answer answer(Service service, int status, byte[] body) throws ServiceAway {
    if (status >= 500 || status == HttpURLConnection.HTTP_UNAUTHORIZED) {
      throw new ServiceAway(service, "cannot answer (status " + status + ")");
    }
    return new Answer(status, new String(body, StandardCharsets.UTF_8));
  }
}
