package dev.postbus.web.services;

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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks the services by their HTTP interfaces.
 *
 * @param where host and port of each that may be asked
 * @param token file of what one service shows to another; empty where all are on loopback
 * @param patience how long an answer is waited for
 */
public record Services(Map<Service, String> where, Optional<Path> token, Duration patience) {
  /** Renewing a certificate asks an authority, and a plan asks daemons' own checkers. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final String ADDRESS = "([A-Za-z0-9.-]+|\\[[0-9a-fA-F:.]+\\]):\\d{1,5}";
  private static final int LARGEST = 8 << 20;

  /**
   * Copies the map.
   *
   * @throws IllegalArgumentException if something is no host with a port
   */
  public Services {
    where = Map.copyOf(where);
    where.forEach(
        (service, address) -> {
          if (!address.matches(ADDRESS)) {
            throw new IllegalArgumentException(
                "'%s' is not where %s answers: POSTBUS_%s_HTTP must be HOST:PORT"
                    .formatted(address, service.label(), service.name().toUpperCase(Locale.ROOT)));
          }
        });
  }

  /** The same, with as much patience as a person has who waits for a page. */
  public Services(Map<Service, String> where, Optional<Path> token) {
    this(where, token, PATIENCE);
  }

  /** The same with another patience. */
  public Services within(Duration longest) {
    return new Services(where, token, longest);
  }

  /**
   * Asks for what is there.
   *
   * @throws ServiceAway if it does not say what there is, nor why it does not
   */
  public Answer get(Service service, String path) throws ServiceAway {
    return ask(service, "GET", path, null);
  }

  /**
   * Asks for a change.
   *
   * @param body becomes JSON
   * @throws ServiceAway if it does not say what came of it
   */
  public Answer send(Service service, String method, String path, Object body) throws ServiceAway {
    byte[] bytes;
    try {
      bytes = Answer.JSON.writeValueAsBytes(body);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot be written as JSON", e);
    }
    // The older client, which is otherwise preferred as it needs less, does not know PATCH.
    return method.equals("PATCH") ? patch(service, path, bytes) : ask(service, method, path, bytes);
  }

  /** A text as a part of a path or a query. */
  public static String encoded(String text) {
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
      connection.setConnectTimeout((int) CONNECT.toMillis());
      connection.setReadTimeout((int) patience.toMillis());
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
            .connectTimeout(CONNECT)
            .build()) {
      var request =
          HttpRequest.newBuilder(at(service, path))
              .timeout(patience)
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
