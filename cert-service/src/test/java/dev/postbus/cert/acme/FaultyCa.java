package dev.postbus.cert.acme;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.postbus.testing.MadeKey;
import dev.postbus.testing.Pebble;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A proxy before the real pebble that does wrong what it is told to, and offers renewal information
 * (RFC 9773), which Debian's pebble does not have yet. Everything else is pebble's answer.
 */
final class FaultyCa implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpsServer server;
  private final Pebble pebble;
  private final Path trust;
  private final Map<String, Fault> faults = new ConcurrentHashMap<>();
  private final List<JsonNode> orders = new CopyOnWriteArrayList<>();
  // Which order an authorization, and which authorization a challenge belongs to.
  private final Map<String, String> belongsTo = new ConcurrentHashMap<>();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private final List<String> renewalQuestions = new CopyOnWriteArrayList<>();
  private volatile Instant @Nullable [] window;
  private volatile List<String> caaIdentities = List.of();
  private volatile @Nullable String otherName;
  private volatile byte @Nullable [] lastRequest;
  private volatile @Nullable Runnable atProof;

  /**
   * What is answered in pebble's place.
   *
   * @param type of the body
   */
  record Fault(int status, Map<String, String> headers, String type, String body) {
    static Fault error(int status, String error, String detail) {
      return new Fault(
          status,
          Map.of(),
          "application/problem+json",
          "{\"type\":\"urn:ietf:params:acme:error:%s\",\"detail\":\"%s\"}"
              .formatted(error, detail));
    }

    Fault with(String header, String value) {
      return new Fault(status, Map.of(header, value), type, body);
    }
  }

  private FaultyCa(HttpsServer server, Pebble pebble, Path trust) {
    this.server = server;
    this.pebble = pebble;
    this.trust = trust;
  }

  /** Starts one with a key and its certificate, which is put into the folder. */
  static FaultyCa before(Pebble pebble, MadeKey key, Path folder) throws Exception {
    var trust = key.writeCertificate(folder.resolve("proxy.pem"));
    var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    server.setHttpsConfigurator(new HttpsConfigurator(key.serverTls()));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    var proxy = new FaultyCa(server, pebble, trust);
    server.createContext("/", proxy::take);
    server.start();
    return proxy;
  }

  URI directory() {
    return URI.create(base() + "/dir");
  }

  Path trust() {
    return trust;
  }

  /** Answers a path, or all paths below one that ends with a slash, in pebble's place. */
  void answer(String path, Fault fault) {
    faults.put(path, fault);
  }

  /** Does something when it is told that a proof is there, before pebble hears of it. */
  void atProof(Runnable task) {
    atProof = task;
  }

  /** Lets pebble answer again. */
  void mend() {
    faults.clear();
  }

  /** Offers renewal information, with this window. */
  void suggest(Instant start, Instant end) {
    window = new Instant[] {start, end};
  }

  /** Hands out certificates for another name than was ordered, with the right key. */
  void issueFor(String name) {
    otherName = name;
  }

  /** The names by which CAA records mean this authority. */
  void isNamed(String... identities) {
    caaIdentities = List.of(identities);
  }

  /** The orders that were taken, as signed by the client. */
  List<JsonNode> orders() {
    return orders;
  }

  /** Of how many orders it has told that a proof was not found, which ends them for good. */
  int refused() {
    return refused.size();
  }

  /** Certificates' identifiers for which renewal information was asked. */
  List<String> renewalQuestions() {
    return renewalQuestions;
  }

  private String base() {
    return "https://localhost:" + server.getAddress().getPort();
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      var body = exchange.getRequestBody().readAllBytes();
      var fault = fault(path);
      if (fault != null) {
        fault.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Content-Type", fault.type());
        send(exchange, fault.status(), fault.body().getBytes(StandardCharsets.UTF_8));
      } else if (path.startsWith("/renewal-info/")) {
        renewalInfo(exchange, path.substring("/renewal-info/".length()));
      } else {
        if (path.startsWith("/finalize-order/")) {
          lastRequest = Base64.getUrlDecoder().decode(payload(body).path("csr").asText());
        }
        var task = atProof;
        if (task != null && path.startsWith("/chalZ/")) {
          atProof = null;
          task.run();
        }
        pass(exchange, path, body);
      }
    }
  }

  private @Nullable Fault fault(String path) {
    var exact = faults.get(path);
    if (exact != null) {
      return exact;
    }
    return faults.entrySet().stream()
        .filter(entry -> entry.getKey().endsWith("/") && path.startsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  private static JsonNode payload(byte[] signed) throws IOException {
    var payload = JSON.readTree(signed).path("payload").asText();
    return JSON.readTree(Base64.getUrlDecoder().decode(payload));
  }

  private void renewalInfo(HttpExchange exchange, String certificate) throws IOException {
    renewalQuestions.add(certificate);
    var suggested = window;
    var body =
        "{\"suggestedWindow\":{\"start\":\"%s\",\"end\":\"%s\"},\"explanationURL\":\"%s/why\"}"
            .formatted(suggested[0], suggested[1], base());
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.getResponseHeaders().set("Retry-After", "3600");
    send(exchange, 200, body.getBytes(StandardCharsets.UTF_8));
  }

  private void pass(HttpExchange exchange, String path, byte[] body) throws IOException {
    var connection =
        (HttpsURLConnection)
            URI.create("https://localhost:" + pebble.port() + exchange.getRequestURI())
                .toURL()
                .openConnection();
    connection.setSSLSocketFactory(AnyServer.context().getSocketFactory());
    connection.setRequestMethod(exchange.getRequestMethod());
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!name.toLowerCase(Locale.ROOT)
                  .matches("connection|content-length|accept-encoding|upgrade|http2-settings")) {
                connection.setRequestProperty(name, values.getFirst());
              }
            });
    // In its own name: the addresses in signed requests are the proxy's.
    connection.setRequestProperty("Host", "localhost:" + server.getAddress().getPort());
    if (exchange.getRequestMethod().equals("POST")) {
      connection.setDoOutput(true);
      connection.getOutputStream().write(body);
    }
    var status = connection.getResponseCode();
    connection
        .getHeaderFields()
        .forEach(
            (name, values) -> {
              if (name != null
                  && !name.toLowerCase(Locale.ROOT)
                      .matches("content-length|connection|transfer-encoding|date")) {
                values.forEach(value -> exchange.getResponseHeaders().add(name, value));
              }
            });
    var answer = answered(connection, status);
    if (path.equals("/order-plz") && status == HttpURLConnection.HTTP_CREATED) {
      orders.add(payload(body));
      var order = URI.create(connection.getHeaderField("Location")).getPath();
      JSON.readTree(answer)
          .path("authorizations")
          .forEach(one -> belongsTo.put(pathOf(one), order));
    } else if (path.matches("/(my-order|authZ|chalZ)/.*")) {
      noteEnd(path, JSON.readTree(answer));
    }
    var other = otherName;
    // Not in place of a refused nonce.
    if (other != null && path.startsWith("/certZ/") && status == HttpURLConnection.HTTP_OK) {
      send(exchange, status, OtherCertificate.pem(lastRequest, other));
    } else {
      send(exchange, status, path.equals("/dir") ? directory(answer) : answer);
    }
  }

  /** An order ends with the first of its proofs; a client may hear of it by any of them. */
  private void noteEnd(String path, JsonNode answer) {
    answer.path("challenges").forEach(one -> belongsTo.put(pathOf(one.path("url")), path));
    if (answer.path("status").asText().equals("invalid")) {
      var above = belongsTo.getOrDefault(path, path);
      refused.add(belongsTo.getOrDefault(above, above));
    }
  }

  private static String pathOf(JsonNode url) {
    return URI.create(url.asText()).getPath();
  }

  private static byte[] answered(HttpURLConnection connection, int status) throws IOException {
    try (var in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return in == null ? new byte[0] : in.readAllBytes();
    }
  }

  private byte[] directory(byte[] answer) throws IOException {
    var directory = (ObjectNode) JSON.readTree(answer);
    if (window != null) {
      directory.put("renewalInfo", base() + "/renewal-info");
    }
    var meta = (ObjectNode) directory.path("meta");
    caaIdentities.forEach(meta.withArray("caaIdentities")::add);
    meta.putObject("profiles").put("shortlived", base() + "/profiles");
    return JSON.writeValueAsBytes(directory);
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    var head = exchange.getRequestMethod().equals("HEAD") || status == 204;
    exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
    if (!head && body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /** Trusts any server: it is pebble, on loopback. */
  private static final class AnyServer implements X509TrustManager {
    static SSLContext context() throws IOException {
      try {
        var tls = SSLContext.getInstance("TLS");
        tls.init(null, new TrustManager[] {new AnyServer()}, null);
        return tls;
      } catch (java.security.GeneralSecurityException e) {
        throw new IOException(e);
      }
    }

    @Override
    public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type) {}

    @Override
    public java.security.cert.X509Certificate[] getAcceptedIssuers() {
      return new java.security.cert.X509Certificate[0];
    }
  }
}
