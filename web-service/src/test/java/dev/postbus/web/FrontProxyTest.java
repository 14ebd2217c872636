package dev.postbus.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real nginx behind a proxy, which these tests are. */
class FrontProxyTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String CLIENT = "PROXY TCP4 203.0.113.9 127.0.0.1 4711 443\r\n";
  private static final String NEW =
      "POST /new HTTP/1.1\r\nHost: _relay.test\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

  private Path state;
  private WebPorts ports;
  private HttpServer api;
  private NginxRun nginx;

  @BeforeEach
  void start() throws Exception {
    state = NginxRun.newState();
    ports = new WebPorts(NginxDaemonTest.freeOffset());
    api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
    api.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
  }

  @AfterEach
  void stop() throws IOException {
    if (nginx != null) {
      nginx.supervisor.close();
    }
    api.stop(0);
    NginxRun.remove(state);
  }

  @Test
  void aClientsAddressIsBelievedFromATrustedProxy() throws Exception {
    serve(FrontProxy.of(List.of("192.0.2.0/24", "127.0.0.1")));
    answerWithTheClientsAddress();

    assertThat(overTls(CLIENT, NEW)).contains("200 OK").endsWith("client 203.0.113.9");
    assertThat(plain(ports.proxiedHttp(), CLIENT, "GET / HTTP/1.0\r\n\r\n")).contains(" 301 ");
  }

  @Test
  void nobodyElseIsBelieved() throws Exception {
    serve(FrontProxy.of(List.of("192.0.2.0/24")));
    answerWithTheClientsAddress();

    assertThat(overTls(CLIENT, NEW)).contains("200 OK").endsWith("client 127.0.0.1");
  }

  @Test
  void theMailSideGetsConnectionsThatCameByAProxyToo() throws Exception {
    serve(FrontProxy.of(List.of("127.0.0.1")));
    try (var pool = Executors.newVirtualThreadPerTaskExecutor();
        var imaps = new ServerSocket();
        var client = new Socket(InetAddress.getLoopbackAddress(), ports.proxiedHttps())) {
      imaps.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.imaps()));
      imaps.setSoTimeout((int) LONG.toMillis());
      client.getOutputStream().write(CLIENT.getBytes(StandardCharsets.US_ASCII));
      pool.submit(() -> handshake(client, "imap"));
      try (var accepted = imaps.accept()) {
        assertThat(accepted.getInputStream().read()).isEqualTo(22);
      }
    }
  }

  @Test
  void itTellsWhenItIsToGetNoMoreClientsAndServesWhatItHasToTheEnd() throws Exception {
    var settings = serve(FrontProxy.of(List.of("127.0.0.1")));
    var begun = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    api.createContext(
        "/new",
        exchange -> {
          try (exchange) {
            begun.countDown();
            goOn.await(20, TimeUnit.SECONDS);
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("ok".getBytes(StandardCharsets.US_ASCII));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    api.start();
    var leaving = new Leaving(settings.run());
    assertThat(health()).contains(" 204 ");
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var answer = pool.submit(() -> overTls(CLIENT, NEW));
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

      // When it leaves
      var seen = pool.submit(() -> leaving.announce(() -> nginx.visits.times("leaving", 503)));
      await().atMost(LONG).until(() -> health().contains(" 503 "));
      assertThat(seen.isDone()).isFalse();
      for (int i = 0; i < 5; i++) {
        assertThat(health()).contains(" 503 ");
      }
      seen.get(20, TimeUnit.SECONDS);
      leaving.awaitSeen();
      var ended = pool.submit(nginx.supervisor::close);
      assertThat(ended.isDone()).isFalse();
      goOn.countDown();

      // Then the answer comes
      assertThat(answer.get(20, TimeUnit.SECONDS)).contains("200 OK").endsWith("ok");
      ended.get(20, TimeUnit.SECONDS);
    }
    // And the next one begins without the sign
    leaving.stay();
    assertThat(settings.run().resolve(Leaving.SIGN)).doesNotExist();
  }

  @Test
  void withoutAProxyItHasNoSuchPorts() throws Exception {
    serve(FrontProxy.NONE);

    for (var port : List.of(ports.proxiedHttp(), ports.proxiedHttps(), ports.proxyHealth())) {
      assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
          .isInstanceOf(java.net.ConnectException.class);
    }
  }

  @Test
  void whatIsNoAddressIsRefusedWithWhatIsAllowed() {
    for (var wrong : List.of("balancer", "10.0.0.0/33", "10.0.0.0/8/8", "1.2.3", "::/x", "a;b")) {
      assertThatThrownBy(() -> FrontProxy.of(List.of(wrong)))
          .hasMessageContaining("POSTBUS_PROXY_FROM")
          .hasMessageContaining(wrong);
    }
    assertThat(FrontProxy.of(List.of(" ::1", "fd00::/8", "")).trusted())
        .containsExactly("::1", "fd00::/8");
  }

  @Test
  void attachedNetworksAreThoseOfThisMachine() {
    assertThat(FrontProxy.of(List.of("attached")).trusted())
        .allSatisfy(one -> assertThat(one).matches("[0-9a-f.:]+/\\d+").doesNotStartWith("127."));
  }

  @Test
  void aReplicaHasANameOfItsOwnThatStaysWithItsState() throws Exception {
    assertThatThrownBy(() -> ReplicaName.of("a b", state))
        .hasMessageContaining("POSTBUS_REPLICA")
        .hasMessageContaining("'a b'");
    assertThat(ReplicaName.of("a1-b2", state)).isEqualTo("web-service@a1-b2");
    assertThat(ReplicaName.of("other", state)).isEqualTo("web-service@a1-b2");
  }

  private WebSettings serve(FrontProxy proxy) throws Exception {
    var peers = new Peers("127.0.0.1", "127.0.0.1:9", "127.0.0.1:9");
    var settings =
        new WebSettings(
            state,
            "127.0.0.1",
            ports,
            api.getAddress().getPort(),
            peers,
            state.resolve("custom"),
            proxy);
    nginx = new NginxRun(settings);
    nginx.start(nginx.prepared(PagesTest.configuration(Map.of()), nginx.newCertificate()));
    return settings;
  }

  private void answerWithTheClientsAddress() {
    api.createContext(
        "/new",
        exchange -> {
          try (exchange) {
            var said = "client " + exchange.getRequestHeaders().getFirst("X-Forwarded-For");
            exchange.sendResponseHeaders(200, said.length());
            exchange.getResponseBody().write(said.getBytes(StandardCharsets.US_ASCII));
          }
        });
    api.start();
  }

  private String health() throws IOException {
    return plain(ports.proxyHealth(), "", "GET / HTTP/1.0\r\n\r\n");
  }

  private static String plain(int port, String before, String request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return asked(socket.getInputStream(), socket.getOutputStream(), before + request);
    }
  }

  private String overTls(String before, String request) throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), ports.proxiedHttps())) {
      socket.getOutputStream().write(before.getBytes(StandardCharsets.US_ASCII));
      try (var tls = handshake(socket, "http/1.1")) {
        return asked(tls.getInputStream(), tls.getOutputStream(), request);
      }
    }
  }

  private static String asked(InputStream in, OutputStream out, String request) throws IOException {
    out.write(request.getBytes(StandardCharsets.US_ASCII));
    out.flush();
    return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
  }

  private static SSLSocket handshake(Socket socket, String protocol) throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anybody()}, null);
    var tls =
        (SSLSocket)
            context.getSocketFactory().createSocket(socket, "_relay.test", socket.getPort(), true);
    var parameters = tls.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {protocol});
    tls.setSSLParameters(parameters);
    tls.startHandshake();
    return tls;
  }

  /** The certificate is not what is looked at here. */
  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(
        java.security.cert.X509Certificate[] chain, String authentication) {}

    @Override
    public void checkServerTrusted(
        java.security.cert.X509Certificate[] chain, String authentication) {}

    @Override
    public java.security.cert.X509Certificate[] getAcceptedIssuers() {
      return new java.security.cert.X509Certificate[0];
    }
  }
}
