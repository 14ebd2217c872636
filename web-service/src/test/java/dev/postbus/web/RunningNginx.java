package dev.postbus.web;

import com.sun.net.httpserver.HttpServer;
import dev.postbus.certificates.CertificateStore;
import dev.postbus.certificates.StoredCertificate;
import dev.postbus.supervision.ProcessStatus;
import dev.postbus.supervision.Rollout;
import dev.postbus.supervision.Supervisor;
import dev.postbus.supervision.SupervisorListener;
import dev.postbus.testing.MadeKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The real nginx as this service renders and runs it, in a folder of its own. In place of the
 * service's own interface stands one that answers with what it was asked.
 */
final class RunningNginx implements AutoCloseable {
  static final String DOMAIN = "_relay.test";
  private static final Duration LONG = Duration.ofSeconds(20);

  private final Path state;
  private final WebSettings settings;
  private final HttpServer service;
  private final Supervisor supervisor;
  private final Rollout rollout;
  private final WebFiles files;
  private final CertificateStore store;
  private StoredCertificate certificate;

  private RunningNginx(Path state, WebSettings settings) throws Exception {
    this.state = state;
    this.settings = settings;
    Files.createDirectories(settings.run());
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
    rollout = new Rollout(settings.rendered());
    files = new WebFiles(settings, List.of(), Clock.systemUTC());
    supervisor =
        new Supervisor(
            List.of(NginxDaemon.process(settings, rollout.link())),
            new SupervisorListener() {
              @Override
              public void transition(ProcessStatus before, ProcessStatus after) {}

              @Override
              public void line(String process, String line) {
                System.out.println(process + ": " + line);
              }
            },
            settings.folder().resolve("supervision"),
            Clock.systemUTC());
    store = new CertificateStore(state.resolve("certs"));
    store.prepare();
    certificate = newCertificate();
  }

  /**
   * Starts one.
   *
   * @param changes keys of the configuration that differ from those of {@link PagesTest}
   */
  static RunningNginx start(Map<String, String> changes) throws Exception {
    var state = Files.createTempDirectory("postbus-web-");
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxr-xr-x"));
    var ports = new WebPorts(NginxDaemonTest.freeOffset());
    var peers = new Peers("127.0.0.1", "127.0.0.1:1", "127.0.0.1:1", "127.0.0.1:1");
    var nginx =
        new RunningNginx(
            state,
            new WebSettings(
                state, "127.0.0.1", ports, 9104 + ports.offset(), peers, state.resolve("custom")));
    nginx.rollout.switchTo(nginx.prepared(changes));
    nginx.supervisor.start();
    if (!nginx.supervisor.awaitReady(LONG)) {
      throw new IllegalStateException("nginx is not ready");
    }
    return nginx;
  }

  /** Has it take up another configuration. */
  void change(Map<String, String> changes) throws Exception {
    rollout.switchTo(prepared(changes));
    new NginxDaemon(supervisor).takeUp(rollout.current(), rollout.current().orElseThrow());
  }

  /** Has it take up another certificate, with a configuration. */
  void renew(Map<String, String> changes) throws Exception {
    certificate = newCertificate();
    change(changes);
  }

  private StoredCertificate newCertificate() throws Exception {
    var key = MadeKey.in(state.resolve("key.pem"), DOMAIN);
    return store.write(List.of(key.certificate()), key.key());
  }

  private Path prepared(Map<String, String> changes) throws IOException {
    return rollout.prepare(
        into -> files.render(PagesTest.configuration(changes), certificate, into));
  }

  WebPorts ports() {
    return settings.ports();
  }

  /** Takes any certificate. */
  static SSLContext anyTls() throws Exception {
    var any = SSLContext.getInstance("TLS");
    any.init(null, new TrustManager[] {new Anybody()}, new SecureRandom());
    return any;
  }

  /** A client that takes any certificate, and comes from an address of loopback. */
  static HttpClient client(String from) throws Exception {
    return HttpClient.newBuilder()
        .sslContext(anyTls())
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
    supervisor.close();
    service.stop(0);
    try (var all = Files.walk(state)) {
      for (var file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Not even the name counts. */
  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
