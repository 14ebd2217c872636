package dev.postbus.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.postbus.bench.certs.Listener;
import dev.postbus.bench.certs.MadePair;
import dev.postbus.bench.mail.AnyTls;
import dev.postbus.testing.InTurn;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A relay behind a Traefik that has ports 80 and 443 and the certificate: with its file as it
 * writes that, and HAProxy where it passes connections on.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(InTurn.class)
class TraefikStackTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String DOMAIN = "relay.test";

  @Order(1)
  @RegisterExtension
  static final Surroundings traefik = new Surroundings();

  @Order(2)
  @RegisterExtension
  static final Compose stack =
      new Compose(
              "postbus-test-traefik",
              "compose.yaml",
              "compose.traefik.yaml",
              "containers/src/test/resources/passthrough.yaml")
          .set("MAIL_DOMAIN", DOMAIN)
          .set("TRAEFIK_NETWORK", Surroundings.NETWORK)
          .set("TRAEFIK_ACME", traefik.folder.toString())
          .set("POSTBUS_TEST_FOLDER", traefik.folder.toString());

  /** What is there before the relay: a network, and a folder with the file, for root alone. */
  private static final class Surroundings implements BeforeAllCallback, AfterAllCallback {
    static final String NETWORK = "postbus-test-traefik-outer";

    final Path folder = Command.HOME.resolve("deploy/containers/target/traefik");
    private MadePair.Maker maker;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
      Images.engine();
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.copy(
          Command.HOME.resolve("deploy/containers/src/test/resources/passthrough.cfg"),
          folder.resolve("passthrough.cfg"),
          StandardCopyOption.REPLACE_EXISTING);
      maker = new MadePair.Maker(Files.createTempDirectory(folder, "keys"));
      network("rm");
      network("create").succeeded();
      // As Traefik wants it to be.
      Files.deleteIfExists(file());
      var forRoot = PosixFilePermissions.fromString("rw-------");
      Files.createFile(file(), PosixFilePermissions.asFileAttribute(forRoot));
      orders(DOMAIN);
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
      network("rm");
    }

    private Path file() {
      return folder.resolve("acme.json");
    }

    private static Command.Result network(String what) throws Exception {
      return Command.run(LONG, Map.of(), List.of("docker", "network", what, NETWORK));
    }

    /** Has one for a name of others, and one for this. */
    MadePair orders(String name) throws Exception {
      var pair = maker.pair(name);
      var other = maker.pair("shop.test");
      Files.writeString(
          file(),
          """
          {"letsencrypt": {
            "Account": {"Email": "admin@relay.test", "PrivateKey": "AAAA", "KeyType": "4096"},
            "Certificates": [%s, %s]}}
          """
              .formatted(entry("shop.test", other), entry(name, pair)));
      return pair;
    }

    private static String entry(String name, MadePair pair) {
      return """
      {"domain": {"main": "%s"}, "certificate": "%s", "key": "%s", "Store": "default"}"""
          .formatted(name, base64(pair.chain()), base64(pair.key()));
    }

    private static String base64(String text) {
      return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
  }

  @Test
  @Order(1)
  void whatTraefikOrdersIsServedOnEveryPort() throws Exception {
    for (int i = 0; i < 2; i++) {
      var pair = traefik.orders(DOMAIN);

      await().atMost(LONG).until(() -> served("http/1.1").equals(pair.fingerprint()));
      for (var listener : Listener.of(stack.target())) {
        if (!listener.name().equals("https")) {
          await(listener.name())
              .atMost(LONG)
              .until(
                  () ->
                      MadePair.fingerprint(listener.handshake().getFirst())
                          .equals(pair.fingerprint()));
        }
      }
    }
    assertThat(stack.postbus("config-service", "status").succeeded().output())
        .contains(DOMAIN + " is ready");
  }

  @Test
  @Order(2)
  void onePortServesWebAndMailThroughTheProxyAndKnowsClientsAddresses() throws Exception {
    try (var imap = through(DOMAIN, "imap");
        var smtp = through(DOMAIN, "smtp")) {
      assertThat(read(imap, 4)).isEqualTo("* OK");
      assertThat(read(smtp, 4)).isEqualTo("220 ");
    }
    assertThatThrownBy(() -> through("shop.test", "http/1.1").close())
        .isInstanceOf(IOException.class);

    // It is not the proxy's address that is known: whoever asks too often holds up nobody else
    await().atMost(LONG).until(() -> newAccount(published()).contains(" 429 "));
    assertThat(newAccount(OtherClient.connect(stack.inspect("proxy"), Surroundings.NETWORK, 443)))
        .contains(" 200 ");
  }

  @Test
  @Order(3)
  void certServiceMayReadTheFileAndNothingElse() throws Exception {
    var container = stack.inspect("cert-service");
    assertThat(container.at("/HostConfig/Privileged").asBoolean()).isFalse();
    assertThat(container.at("/HostConfig/ReadonlyRootfs").asBoolean()).isTrue();
    assertThat(container.toString()).doesNotContain("docker.sock");
    for (var mount : container.path("Mounts")) {
      if (mount.path("Destination").asText().equals("/var/lib/traefik")) {
        assertThat(mount.path("RW").asBoolean()).isFalse();
      }
    }

    var process =
        stack.run("exec", "-T", "cert-service", "cat", "/proc/1/status").succeeded().output();
    assertThat(process)
        .containsPattern("Uid:\\s+5003\\s+5003\\s+5003\\s+5003")
        .containsPattern("NoNewPrivs:\\s+1");
    for (var set : Set.of("CapPrm", "CapEff", "CapBnd", "CapAmb")) {
      // CAP_DAC_READ_SEARCH
      assertThat(process).containsPattern(set + ":\\s+0000000000000004");
    }
    assertThat(stack.inspect("web-service").at("/HostConfig/PortBindings").size()).isZero();
  }

  @Test
  @Order(4)
  void whatIsWrongInTheFileIsNamedAndChangesNothing() throws Exception {
    var before = served("http/1.1");

    traefik.orders("sub.relay.test");

    await()
        .atMost(LONG)
        .until(
            () ->
                stack
                    .postbus("config-service", "status")
                    .output()
                    .contains("none of the 2 certificates in it is for relay.test"));
    assertThat(served("http/1.1")).isEqualTo(before);
  }

  private static String served(String protocol) throws Exception {
    try (var tls = through(DOMAIN, protocol)) {
      return MadePair.fingerprint((X509Certificate) tls.getSession().getPeerCertificates()[0]);
    }
  }

  private static String newAccount(Socket connection) throws IOException {
    try (var web = over(connection, DOMAIN, "http/1.1")) {
      web.getOutputStream()
          .write(
              "POST /new HTTP/1.1\r\nHost: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                  .formatted(DOMAIN)
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(web.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** As a client that asks for a name, which is what the proxy goes by. */
  private static SSLSocket through(String name, String protocol) throws IOException {
    return over(published(), name, protocol);
  }

  private static Socket published() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), stack.port(443));
  }

  private static SSLSocket over(Socket plain, String name, String protocol) throws IOException {
    plain.setSoTimeout(20_000);
    var tls =
        (SSLSocket) AnyTls.newContext().getSocketFactory().createSocket(plain, name, 443, true);
    var parameters = tls.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(name)));
    parameters.setApplicationProtocols(new String[] {protocol});
    tls.setSSLParameters(parameters);
    tls.startHandshake();
    return tls;
  }

  private static String read(SSLSocket socket, int bytes) throws IOException {
    return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.US_ASCII);
  }
}
