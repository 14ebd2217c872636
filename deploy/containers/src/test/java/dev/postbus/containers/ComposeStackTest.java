package dev.postbus.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postbus.bench.mail.AnyTls;
import dev.postbus.bench.mail.ImapSession;
import dev.postbus.realclient.RealClientTests;
import dev.postbus.testing.InTurn;
import dev.postbus.testing.TurnByTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A container a service. The tests share one stack, and the last ones shake it. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(InTurn.class)
class ComposeStackTest {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final List<String> SERVICES =
      List.of("broker", "config-service", "cert-service", "mail-supervisor", "web-service", "turn");

  @RegisterExtension
  static final Compose stack = new Compose("postbus-test", "compose.yaml", "compose.turn.yaml");

  static {
    stack
        .set("TURN_ADDRESS", "127.0.0.1")
        .set("POSTBUS_PORT_3478", "" + stack.port(3478))
        .set("POSTBUS_TURN_PORTS", "127.0.0.1:21152-21191");
  }

  private static Correspondence mail;

  @BeforeAll
  static void start() {
    mail = new Correspondence(stack);
  }

  @Test
  @Order(1)
  void aLoginMakesAnAccountAndMailGoesFromOneToAnother() throws Exception {
    mail.begin();

    mail.send();

    mail.awaitAll();
  }

  @Test
  @Order(2)
  void onePortServesWebAndMail() throws Exception {
    try (var imap = onPort443("imap")) {
      assertThat(read(imap, 4)).isEqualTo("* OK");
    }
    try (var smtp = onPort443("smtp")) {
      assertThat(read(smtp, 4)).isEqualTo("220 ");
    }
    try (var web = onPort443("http/1.1")) {
      web.getOutputStream()
          .write(
              ("GET / HTTP/1.1\r\nHost: " + Compose.DOMAIN + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(read(web, 12)).isEqualTo("HTTP/1.1 200");
    }
  }

  @Test
  @Order(2)
  void clientsAreToldOfATurnServerThatTakesWhatTheyWereTold() throws Exception {
    String told;
    try (var imap = ImapSession.logIn(stack.target(), mail.account())) {
      told = imap.metadata("/shared/vendor/deltachat/turn");
    }
    var parts = told.split(":");
    assertThat(parts).hasSize(4);
    assertThat(parts[0] + ":" + parts[1]).isEqualTo(Compose.DOMAIN + ":3478");

    assertThat(turn(parts[2], parts[3])).contains("Received relay addr", "403 (Forbidden IP)");
    assertThat(turn(parts[2], "guessed")).doesNotContain("Received relay addr");
    assertThat(TurnByTls.ask(stack.port(443))).isEqualTo(TurnByTls.BOUND);
  }

  /** What coturn's own client sees, who wants to talk to this host. */
  private static String turn(String user, String password) throws Exception {
    return Command.run(
            LONG,
            Map.of(),
            List.of(
                "timeout",
                "10",
                "turnutils_uclient",
                "-v",
                "-u",
                user,
                "-w",
                password,
                "-p",
                "" + stack.port(3478),
                "-n",
                "1",
                "-e",
                "127.0.0.1",
                "127.0.0.1"))
        .output();
  }

  @Test
  @Order(3)
  void noContainerMayMoreThanItNeeds() throws Exception {
    var allowed =
        Map.of(
            "broker", Set.<String>of(),
            "config-service", Set.<String>of(),
            "cert-service", Set.<String>of(),
            "mail-supervisor",
                Set.of("SETUID", "SETGID", "CHOWN", "FOWNER", "DAC_OVERRIDE", "KILL", "SYS_CHROOT"),
            "turn", Set.<String>of(),
            "web-service", Set.of("SETUID", "SETGID", "CHOWN", "KILL", "DAC_READ_SEARCH"));

    for (var service : SERVICES) {
      Hardening.check(stack.inspect(service), allowed.get(service));
    }
    assertThat(published("mail-supervisor")).containsOnly("25", "143", "465", "587", "993");
    assertThat(published("web-service")).containsOnly("80", "443", "9104");
    assertThat(stack.inspect("web-service").at("/HostConfig/PortBindings").path("9104/tcp"))
        .extracting(one -> one.path("HostIp").asText())
        .containsOnly("127.0.0.1");
    assertThat(published("broker")).isEmpty();
    assertThat(published("config-service")).isEmpty();
    assertThat(published("cert-service")).isEmpty();
  }

  @Test
  @Order(3)
  void eachImageSaysWhatItIsMadeOf() throws Exception {
    for (var service : List.of("broker", "config-service", "cert-service", "mail-supervisor")) {
      var program =
          new ObjectMapper()
              .readTree(file(service, "/opt/postbus/%s/sbom.cdx.json".formatted(service)));
      var packages =
          new ObjectMapper().readTree(file(service, "/usr/share/doc/postbus/debian.cdx.json"));

      assertThat(names(program)).as(service).contains("kafka-clients");
      assertThat(names(packages)).as(service).contains("libc6", "tini");
      assertThat(
              stack.inspect(service).at("/Config/Labels").has("org.opencontainers.image.revision"))
          .isTrue();
    }
  }

  private static String file(String service, String path) throws Exception {
    return stack.run("exec", "-T", service, "cat", path).succeeded().output();
  }

  private static List<String> names(JsonNode sbom) {
    assertThat(sbom.path("bomFormat").asText()).isEqualTo("CycloneDX");
    return sbom.path("components").valueStream().map(one -> one.path("name").asText()).toList();
  }

  @Test
  @Order(4)
  void theServicesInterfacesWantTheToken() throws Exception {
    var refused =
        stack.run(
            "exec",
            "-T",
            "web-service",
            "/opt/postbus/health",
            "http:mail-supervisor:9103/mail/users");

    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.output()).contains("does not answer with 200");
    assertThat(stack.postbus("config-service", "user", "list").succeeded().output())
        .contains(mail.receiver());
  }

  @Test
  @Order(5)
  void theOperatorsCommandSeesAndChangesAllOfIt() throws Exception {
    assertThat(stack.postbus("config-service", "status").succeeded().output())
        .contains(Compose.DOMAIN + " is ready", "postfix", "nginx");

    var changed = stack.postbus("config-service", "config", "set", "max_message_size", "10000000");

    assertThat(changed.succeeded().output()).contains("mail-supervisor", "web-service");
    assertThat(stack.postbus("config-service", "events").succeeded().output())
        .contains("config-applied", "cert-applied");
  }

  @Test
  @Order(5)
  void anInvitationGivesAnAccountThroughAllContainers() throws Exception {
    stack.postbus("config-service", "config", "set", "registration", "invite").succeeded();
    assertThat(newAccount("")).startsWith("HTTP/1.1 403");

    var created =
        stack.postbus("config-service", "invite", "create", "--json").succeeded().output();

    var token = created.replaceFirst("(?s).*\"token\" *: *\"([a-z0-9]+)\".*", "$1");
    assertThat(newAccount("?invite=" + token)).startsWith("HTTP/1.1 200").contains("\"email\"");
    assertThat(newAccount("?invite=" + token)).startsWith("HTTP/1.1 403").contains("used up");
    stack.postbus("config-service", "config", "unset", "registration").succeeded();
  }

  private static String newAccount(String query) throws Exception {
    try (var web = onPort443("http/1.1")) {
      web.getOutputStream()
          .write(
              "POST /new%s HTTP/1.1\r\nHost: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                  .formatted(query, Compose.DOMAIN)
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(web.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  @Order(6)
  void whatWasKilledComesBackAndNothingAcceptedIsLost() throws Exception {
    for (var service : SERVICES) {
      mail.send();
      stack.kill(service);
    }

    for (var service : SERVICES) {
      await(service).atMost(LONG).until(() -> stack.healthy(service));
    }
    mail.send();
    mail.awaitAll();
  }

  @Test
  @Order(7)
  void aRestartAndANewStartKeepAll() throws Exception {
    var certificate = stack.postbus("config-service", "cert", "show").succeeded().output();

    stack.run("down", "--timeout", "20").succeeded();
    stack.up();

    assertThat(stack.postbus("config-service", "cert", "show").succeeded().output())
        .isEqualTo(certificate);
    assertThat(stack.postbus("config-service", "config", "get", "max_message_size").output())
        .contains("10000000");
    mail.send();
    mail.awaitAll();
  }

  @Test
  @Order(8)
  void withoutADomainItSaysSoInOneLine() throws Exception {
    stack.set("MAIL_DOMAIN", "");
    try {
      var refused = stack.run("up", "-d");

      assertThat(refused.code()).isNotZero();
      assertThat(refused.output().strip().lines()).hasSize(1);
      assertThat(refused.output()).contains("MAIL_DOMAIN", "is not set");
    } finally {
      stack.set("MAIL_DOMAIN", Compose.DOMAIN);
    }
  }

  private static SSLSocket onPort443(String protocol) throws Exception {
    var plain = new Socket(InetAddress.getLoopbackAddress(), stack.port(443));
    plain.setSoTimeout(20_000);
    return AnyTls.over(plain, protocol);
  }

  private static String read(SSLSocket socket, int bytes) throws IOException {
    return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.US_ASCII);
  }

  private static List<String> published(String service) throws Exception {
    return stack.inspect(service).at("/HostConfig/PortBindings").properties().stream()
        .map(port -> port.getKey().replace("/tcp", ""))
        .toList();
  }

  @Nested
  class WithDeltaChat extends RealClientTests {
    WithDeltaChat() {
      super(ComposeStackTest::code);
    }
  }

  /** A new account by the relay's page, with the ports at which the test's stack is found. */
  private static String code() throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:%d/new".formatted(stack.port(443))))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    try (var client = HttpClient.newBuilder().sslContext(AnyTls.newContext()).build()) {
      var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      var login = new ObjectMapper().readTree(answer.body()).path("dclogin_url").asText();
      return login
          + "&ih=127.0.0.1&ip=%d&is=ssl&sh=127.0.0.1&sp=%d&ss=ssl"
              .formatted(stack.port(993), stack.port(465));
    }
  }
}
