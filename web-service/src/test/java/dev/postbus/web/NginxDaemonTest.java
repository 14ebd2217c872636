package dev.postbus.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.postbus.certificates.TlsProbe;
import dev.postbus.testing.ChallengeDns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real nginx, run and changed by what this service runs and changes it with. */
class NginxDaemonTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private Path state;
  private WebSettings settings;
  private NginxRun nginx;
  private HttpServer tokens;
  private ServerSocket acmeTls;

  @BeforeEach
  void start() throws Exception {
    state = NginxRun.newState();
    var ports = new WebPorts(freeOffset());
    tokens = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
    acmeTls = new ServerSocket(0, 4, InetAddress.getLoopbackAddress());
    settings =
        new WebSettings(
            state,
            "127.0.0.1",
            ports,
            9104 + ports.offset(),
            new Peers(
                "127.0.0.1",
                "127.0.0.1:" + tokens.getAddress().getPort(),
                "127.0.0.1:" + acmeTls.getLocalPort()),
            state.resolve("custom"));
    nginx = new NginxRun(settings);
    nginx.start(nginx.prepared(configuration(), nginx.newCertificate()));
  }

  @AfterEach
  void stop() throws IOException {
    nginx.supervisor.close();
    tokens.stop(0);
    acmeTls.close();
    NginxRun.remove(state);
  }

  @Test
  void aNewCertificateIsServedAfterAReload() throws Exception {
    var before = served();
    var next = nginx.newCertificate();

    nginx.change(nginx.prepared(configuration(), next));

    await().atMost(LONG).until(() -> served().equals(next.fingerprint()));
    assertThat(before).isNotEqualTo(next.fingerprint());
  }

  @Test
  void itsOwnCheckerFindsWhatIsWrong() throws Exception {
    var daemon = new NginxDaemon(nginx.supervisor);
    var other = nginx.newCertificate();
    var prepared =
        nginx.rollout.prepare(
            into -> {
              nginx.files.render(configuration(), other, into);
              var conf = into.resolve("nginx/nginx.conf");
              Files.writeString(conf, Files.readString(conf) + "nonsense on;\n");
            });

    assertThat(daemon.problem(prepared))
        .hasValueSatisfying(words -> assertThat(words).contains("nonsense"));
    assertThat(daemon.problem(nginx.rollout.current().orElseThrow())).isEmpty();
  }

  @Test
  void comesBackAfterAKillThoughItsSocketsAreLeft() throws Exception {
    var pid = nginx.supervisor.status().getFirst().pid();
    new ProcessBuilder("/bin/kill", "-9", "" + pid).start().waitFor();

    await()
        .atMost(LONG)
        .until(
            () ->
                nginx.supervisor.status().getFirst().ready()
                    && !pid.equals(nginx.supervisor.status().getFirst().pid()));
    assertThat(served()).hasSize(64);
  }

  @Test
  void whatAnAuthorityAsksGoesToCertServiceAlone() throws Exception {
    answerTokens();

    assertThat(http("GET", "/.well-known/acme-challenge/abc_-1").body())
        .isEqualTo("GET/.well-known/acme-challenge/abc_-1nullnull");
    assertThat(http("POST", "/.well-known/acme-challenge/abc").statusCode()).isEqualTo(403);
    assertThat(http("GET", "/.well-known/acme-challenge/../../cert").statusCode()).isEqualTo(301);
    assertThat(http("GET", "/cert/status").statusCode()).isEqualTo(301);
  }

  /** As cert-service does, but with what it was asked. */
  private void answerTokens() {
    tokens.createContext(
        "/",
        exchange -> {
          try (exchange) {
            var headers = exchange.getRequestHeaders();
            var said =
                exchange.getRequestMethod()
                    + exchange.getRequestURI()
                    + headers.getFirst("Cookie")
                    + headers.getFirst("Authorization");
            exchange.sendResponseHeaders(200, said.length());
            exchange.getResponseBody().write(said.getBytes(StandardCharsets.US_ASCII));
          }
        });
    tokens.start();
  }

  @Test
  void aNameIsProvenByTlsBehindThePortOfAllOthers() throws Exception {
    // When a client offers acme-tls/1, as authorities do (RFC 8737), then its first byte, that of a
    // TLS handshake, is the first that cert-service reads
    assertThat(firstByteOf(acmeTls, "acme-tls/1")).isEqualTo(22);
  }

  /** What a server reads first of a client that comes to the port of all with an ALPN. */
  private int firstByteOf(ServerSocket server, String alpn) throws Exception {
    try (var pool = Executors.newVirtualThreadPerTaskExecutor();
        var client = (SSLSocket) SSLContext.getDefault().getSocketFactory().createSocket()) {
      client.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.ports().https()));
      var parameters = client.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {alpn});
      client.setSSLParameters(parameters);
      pool.submit(
          () -> {
            client.startHandshake();
            return client;
          });
      server.setSoTimeout((int) LONG.toMillis());
      try (var accepted = server.accept()) {
        return accepted.getInputStream().read();
      }
    }
  }

  @Test
  void otherServicesAreFoundByName() throws Exception {
    // Given peers with names, of which only the name server knows
    var named =
        new WebSettings(
            state,
            "127.0.0.1",
            settings.ports(),
            settings.apiPort(),
            new Peers(
                "mail.internal",
                "certs.internal:" + tokens.getAddress().getPort(),
                "certs.internal:" + acmeTls.getLocalPort()),
            settings.custom());
    answerTokens();
    try (var dns = ChallengeDns.start(state)) {
      var byName = new WebFiles(named, List.of("127.0.0.1:" + dns.port()), Clock.systemUTC());
      var certificate = nginx.newCertificate();
      nginx.change(
          nginx.rollout.prepare(into -> byName.render(configuration(), certificate, into)));

      // Then they are reached
      assertThat(http("GET", "/.well-known/acme-challenge/abc").body())
          .isEqualTo("GET/.well-known/acme-challenge/abcnullnull");
      var imaps = new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.ports().imaps());
      try (var server = new ServerSocket()) {
        server.bind(imaps);
        assertThat(firstByteOf(server, "imap")).isEqualTo(22);
      }
      assertThat(firstByteOf(acmeTls, "acme-tls/1")).isEqualTo(22);
    }
  }

  private HttpResponse<String> http(String method, String path) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + settings.ports().http() + path))
              .header("Cookie", "secret")
              .header("Authorization", "secret")
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build();
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void aStateFolderThatIsTooLongForSocketsIsNamed() {
    var longPath = Path.of("/tmp/" + "x".repeat(120));

    assertThatThrownBy(
            () ->
                new WebSettings(
                    longPath, "*", new WebPorts(0), 9104, settings.peers(), settings.custom()))
        .hasMessageContaining(longPath.toString())
        .hasMessageContaining("shorter");
  }

  private String served() throws IOException {
    return TlsProbe.fingerprint(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.ports().https()),
        TlsProbe.Protocol.TLS,
        "_relay.test",
        Duration.ofSeconds(5));
  }

  private static dev.postbus.events.RelayConfiguration configuration() {
    return PagesTest.configuration(Map.of());
  }

  static int freeOffset() throws IOException {
    for (int offset = 3000; offset < 22_000; offset += 11) {
      try (var http = new ServerSocket();
          var https = new ServerSocket()) {
        http.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 80 + offset));
        https.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 443 + offset));
        return offset;
      } catch (java.net.BindException taken) {
        // Then the next ones.
      }
    }
    throw new IOException("no free ports");
  }
}
