package dev.postbus.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.postbus.bench.mail.AnyTls;
import dev.postbus.certificates.StoredCertificate;
import dev.postbus.events.RelayConfiguration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;

/**
 * The real nginx as this service renders and runs it, in a folder of its own. In place of the
 * service's own interface stands one that answers with what it was asked.
 */
final class RunningNginx implements AutoCloseable {
  private static final Peers NOBODY = new Peers("127.0.0.1", "127.0.0.1:1", "127.0.0.1:1");

  static final String DOMAIN = "_relay.test";
  private static final Duration LONG = Duration.ofSeconds(20);

  private final WebSettings settings;
  private final HttpServer service;
  private final NginxRun nginx;
  private StoredCertificate certificate;
  private RelayConfiguration configuration = PagesTest.configuration(Map.of());

  private RunningNginx(WebSettings settings) throws Exception {
    this.settings = settings;
    service =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.apiPort()), 64);
    service.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    service.createContext(
        "/",
        exchange -> {
          try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            var said =
                exchange.getRequestMethod()
                    + " "
                    + exchange.getRequestURI()
                    + " "
                    + new String(body, StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, said.length());
            exchange.getResponseBody().write(said.getBytes(StandardCharsets.UTF_8));
          }
        });
    service.start();
    nginx = new NginxRun(settings);
    certificate = nginx.newCertificate();
  }

  /**
   * Starts one.
   *
   * @param changes keys of the configuration that differ from those of {@link PagesTest}
   */
  static RunningNginx start(Map<String, String> changes) throws Exception {
    return start("127.0.0.1", changes);
  }

  /**
   * Starts one.
   *
   * @param bind its address; {@code *} for all
   */
  static RunningNginx start(String bind, Map<String, String> changes) throws Exception {
    return start(bind, changes, NOBODY);
  }

  /** The same, with other services than nobody. */
  static RunningNginx start(Map<String, String> changes, Peers peers) throws Exception {
    return start("127.0.0.1", changes, peers);
  }

  private static RunningNginx start(String bind, Map<String, String> changes, Peers peers)
      throws Exception {
    var state = NginxRun.newState();
    var ports = new WebPorts(NginxDaemonTest.freeOffset());
    var running =
        new RunningNginx(
            new WebSettings(
                state, bind, ports, 9104 + ports.offset(), peers, state.resolve("custom")));
    running.nginx.start(running.prepared(changes));
    return running;
  }

  /** Has it take up another configuration. */
  void change(Map<String, String> changes) throws Exception {
    nginx.change(prepared(changes));
  }

  /** Has it take up a certificate of somebody else's. */
  void take(List<X509Certificate> chain, PrivateKey key) throws Exception {
    certificate = nginx.keep(chain, key);
    change(Map.of());
  }

  /** How often it answered what. */
  List<Visits.Count> visits() {
    return nginx.visits.counts();
  }

  /** What it said otherwise. */
  List<String> said() {
    return nginx.said;
  }

  /** Has pages for one person each completed as the service does, in place of what was asked. */
  void completePages() {
    var pages = new PersonalPages(nginx.rollout.link().resolve(NginxDaemon.NAME));
    service.createContext(
        "/web/invite/",
        exchange ->
            answer(
                exchange,
                pages.invitation(
                    configuration,
                    exchange.getRequestURI().getPath().substring(12),
                    of(exchange))));
    service.createContext(
        "/web/account",
        exchange ->
            answer(
                exchange,
                pages.account(
                    new Registrar.Answer(
                        200, new AccountOffer(new WebPorts(0)).make(configuration)),
                    of(exchange))));
  }

  private static Language of(HttpExchange exchange) {
    return Language.ofSuffix(exchange.getRequestURI().getQuery().replace("language=", ""));
  }

  private static void answer(HttpExchange exchange, Optional<String> page) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "text/html;charset=utf-8");
      var body = page.orElseThrow().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** Has it take up another certificate, with a configuration. */
  void renew(Map<String, String> changes) throws Exception {
    certificate = nginx.newCertificate();
    change(changes);
  }

  private Path prepared(Map<String, String> changes) throws IOException {
    configuration = PagesTest.configuration(changes);
    return nginx.prepared(configuration, certificate);
  }

  WebPorts ports() {
    return settings.ports();
  }

  /** A client that takes any certificate, and comes from an address of loopback. */
  static HttpClient client(String from) throws Exception {
    return HttpClient.newBuilder()
        .sslContext(AnyTls.newContext())
        .localAddress(InetAddress.ofLiteral(from))
        .connectTimeout(LONG)
        .build();
  }

  /** A request by https. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + ports().https() + path))
        .timeout(LONG);
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    try (var client = client("127.0.0.1")) {
      var request = request(path);
      if (headers.length > 0) {
        request.headers(headers);
      }
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @Override
  public void close() throws IOException {
    nginx.supervisor.close();
    service.stop(0);
    NginxRun.remove(settings.state());
  }
}
