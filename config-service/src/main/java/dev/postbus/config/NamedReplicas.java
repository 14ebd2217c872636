package dev.postbus.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * web-service's replicas: whoever is at an address of its name now, as each says of itself.
 *
 * @param host the name
 * @param port of their interfaces
 * @param token file with what they want to see
 */
record NamedReplicas(String host, int port, @Nullable Path token) implements Replicas {
  private static final String SERVICE = "web-service";
  private static final int CONNECT_MILLIS = 1000;
  private static final int ANSWER_MILLIS = 3000;

  /**
   * Those that a setting names.
   *
   * @param where {@code HOST:PORT}
   * @throws IllegalArgumentException with what is allowed
   */
  static NamedReplicas at(String where, @Nullable Path token) {
    if (!where.matches("[A-Za-z0-9._-]+:\\d{1,5}")) {
      throw new IllegalArgumentException(
          "POSTBUS_WEB_REPLICAS must be HOST:PORT, and not '" + where + "'");
    }
    var colon = where.indexOf(':');
    return new NamedReplicas(
        where.substring(0, colon), Integer.parseInt(where.substring(colon + 1)), token);
  }

  @Override
  public String service() {
    return SERVICE;
  }

  @Override
  public Set<Replica> now() {
    var addresses = addresses();
    if (addresses.isEmpty()) {
      return Set.of(new Replica(SERVICE, null));
    }
    try (var asking = Executors.newVirtualThreadPerTaskExecutor()) {
      return asking.invokeAll(addresses.stream().map(this::question).toList()).stream()
          .map(Future::resultNow)
          .collect(Collectors.toSet());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Set.of(new Replica(SERVICE, null));
    }
  }

  private List<InetAddress> addresses() {
    try {
      return Arrays.asList(InetAddress.getAllByName(host));
    } catch (UnknownHostException none) {
      return List.of();
    }
  }

  private Callable<Replica> question(InetAddress address) {
    return () ->
        ask(address)
            .map(
                said ->
                    new Replica(
                        said.path("service").asText(SERVICE),
                        said.path("configVersion").isNumber()
                            ? said.path("configVersion").asLong()
                            : null))
            .orElseGet(() -> new Replica(SERVICE + " at " + address.getHostAddress(), null));
  }

  private Optional<JsonNode> ask(InetAddress address) {
    try {
      var literal = address.getHostAddress().replaceFirst("%.*", "");
      var host = literal.indexOf(':') < 0 ? literal : "[" + literal + "]";
      var connection =
          (HttpURLConnection)
              URI.create("http://" + host + ":" + port + "/web/status").toURL().openConnection();
      connection.setConnectTimeout(CONNECT_MILLIS);
      connection.setReadTimeout(ANSWER_MILLIS);
      if (token != null) {
        connection.setRequestProperty("Authorization", "Bearer " + Files.readString(token).strip());
      }
      if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
        return Optional.empty();
      }
      try (var in = connection.getInputStream()) {
        return Optional.of(VersionFiles.JSON.readTree(in.readAllBytes()));
      }
    } catch (IOException away) {
      return Optional.empty();
    }
  }
}
