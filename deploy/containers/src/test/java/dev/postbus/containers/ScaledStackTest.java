package dev.postbus.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.AnyTls;
import dev.postbus.bench.mail.Conversation;
import dev.postbus.bench.mail.ImapSession;
import dev.postbus.bench.mail.SealedMessage;
import dev.postbus.bench.mail.SmtpSession;
import dev.postbus.testing.InTurn;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Three of mail-policy and three of web-service. The tests share one stack. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(InTurn.class)
class ScaledStackTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern SESSIONS =
      Pattern.compile("haproxy_server_sessions_total\\{proxy=\"http\",server=\"(\\w+)\"\\} (\\d+)");

  @RegisterExtension
  static final Compose stack =
      new Compose("postbus-test-scaled", "compose.yaml", "compose.scale.yaml")
          .set("MAX_USER_SEND_PER_MINUTE", "6000")
          .set("MAX_USER_SEND_BURST_SIZE", "1000")
          .startedWith("--scale", "mail-policy=3", "--scale", "web-service=3");

  @Test
  @Order(1)
  void whatIsThereSeveralTimesMayNoMoreThanItNeeds() throws Exception {
    var policies = stack.inspectAll("mail-policy");
    assertThat(policies).hasSize(3);
    for (var policy : policies) {
      Hardening.check(policy, Set.of());
      assertThat(policy.path("Mounts")).isEmpty();
      assertThat(policy.at("/NetworkSettings/Networks").size()).isEqualTo(1);
      assertThat(policy.at("/Config/User").asText()).isEqualTo("5010:5010");
    }
    var balancer = stack.inspect("balancer");
    Hardening.check(balancer, Set.of());
    assertThat(balancer.at("/HostConfig/PortBindings").properties())
        .extracting(java.util.Map.Entry::getKey)
        .containsOnly("80/tcp", "443/tcp", "9104/tcp");
    assertThat(balancer.at("/HostConfig/PortBindings").path("9104/tcp"))
        .extracting(one -> one.path("HostIp").asText())
        .containsOnly("127.0.0.1");
    assertThat(balancer.at("/Config/User").asText()).isEqualTo("5011:5011");
    var webs = stack.inspectAll("web-service");
    assertThat(webs).hasSize(3);
    for (var web : webs) {
      Hardening.check(web, Set.of("SETUID", "SETGID", "CHOWN", "KILL", "DAC_READ_SEARCH"));
      assertThat(web.at("/HostConfig/PortBindings").size()).isZero();
    }
  }

  @Test
  @Order(2)
  void nobodyNoticesThatReplicasOfMailPolicyAreKilled() throws Exception {
    var receiver = Account.fresh(Compose.DOMAIN);
    var sender = Account.fresh(Compose.DOMAIN);
    ImapSession.logIn(stack.target(), sender).close();
    var sent = new AtomicInteger();
    var logins = new AtomicInteger();
    var failures = new ConcurrentLinkedQueue<String>();
    var enough = new AtomicBoolean();
    try (var waiting = ImapSession.logIn(stack.target(), receiver)) {
      waiting.select();
      waiting.idle();
      try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
        clients.submit(() -> send(sender, receiver, sent, failures, enough));
        clients.submit(() -> logIn(logins, failures, enough));
        // When each of them is killed, one after the other
        for (var policy : stack.inspectAll("mail-policy")) {
          awaitMore(sent, logins);
          Compose.kill(policy);
          awaitMore(sent, logins);
        }
        enough.set(true);
      }
      // Then every message was taken at once and is there once, as the client in IDLE is told
      assertThat(failures).isEmpty();
      waiting.awaitExists(sent.get(), LONG);
      waiting.done();
      assertThat(waiting.letters()).extracting(ImapSession.Letter::id).doesNotHaveDuplicates();
      assertThat(waiting.countMessages()).isEqualTo(sent.get());
    }
    await().atMost(LONG).until(() -> stack.healthy("mail-policy"));
    await().atMost(LONG).until(() -> serving() == 3);
  }

  @Test
  @Order(3)
  void theWorkIsSpreadOverAllOfThem() throws Exception {
    var before = status().path("policyReplicas");
    var receiver = Account.fresh(Compose.DOMAIN);
    var sender = Account.fresh(Compose.DOMAIN);
    ImapSession.logIn(stack.target(), receiver).close();
    ImapSession.logIn(stack.target(), sender).close();
    try (var smtp = SmtpSession.logIn(stack.target(), sender)) {
      var message = new SealedMessage(1000);
      for (int i = 0; i < 15; i++) {
        smtp.send(receiver.address(), message.bytes(sender.address(), receiver.address()));
      }
    }

    var after = status().path("policyReplicas");
    assertThat(after).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat(after.get(i).path("done").asLong())
          .isGreaterThan(before.get(i).path("done").asLong() + 3);
    }

    // And web-service's clients: each container of the stack is one, with an address of its own
    for (var service : List.of("broker", "config-service", "cert-service", "mail-supervisor")) {
      ask(service);
    }
    for (var web : stack.inspectAll("web-service")) {
      askFrom(web.path("Id").asText());
    }
    assertThat(clientsOfWebServices()).filteredOn(clients -> clients > 0).hasSizeGreaterThan(1);
  }

  @Test
  @Order(4)
  void eachReplicaTakesUpAChangeAndIsNamed() throws Exception {
    var said = stack.postbus("config-service", "config", "set", "privacy_mail", "a@b.example");

    assertThat(said.succeeded().output().lines().filter(line -> line.contains("web-service@")))
        .hasSize(3);
    assertThat(said.output()).contains("applied by mail-supervisor");
    var versions = new HashSet<Long>();
    for (var service : status().path("services")) {
      if (service.path("name").asText().matches("web-service@.*|mail-supervisor")) {
        versions.add(service.path("configVersion").asLong());
      }
    }
    assertThat(versions).hasSize(1);
    assertThat(stack.postbus("config-service", "status").succeeded().output())
        .contains("web-service@", "mail-policy's replicas: ");
  }

  @Test
  @Order(5)
  void aSendersLimitIsOneForAllOfThem() throws Exception {
    var sender = Account.fresh(Compose.DOMAIN);
    ImapSession.logIn(stack.target(), sender).close();
    stack
        .postbus(
            "config-service",
            "config",
            "set",
            "max_user_send_burst_size=4",
            "max_user_send_per_minute=1")
        .succeeded();
    var message = new SealedMessage(1000).bytes(sender.address(), sender.address());
    try (var smtp = SmtpSession.logIn(stack.target(), sender)) {
      for (int i = 0; i < 4; i++) {
        smtp.send(sender.address(), message);
      }
      assertThat(catchMessage(() -> smtp.send(sender.address(), message)))
          .contains("450", "Too much mail from " + sender.address());
    }
  }

  @Test
  @Order(6)
  void aReplacementOfWebServiceDropsNoRequestAndKeepsClientsAddresses() throws Exception {
    var before = ids("web-service");
    var failures = new ConcurrentLinkedQueue<String>();
    var requests = new AtomicInteger();
    var enough = new AtomicBoolean();
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 4; i++) {
        clients.submit(() -> ask("GET /info.html", Duration.ZERO, requests, failures, enough));
      }
      // What nginx passes on has to be there to the end, too; more often would be too often
      clients.submit(() -> ask("POST /new", Duration.ofMillis(700), requests, failures, enough));
      stack.roll("web-service").succeeded();
      enough.set(true);
    }

    assertThat(failures).isEmpty();
    assertThat(requests).hasValueGreaterThan(100);
    assertThat(ids("web-service")).hasSize(3).doesNotContainAnyElementsOf(before);

    // When somebody asks too often, then others need not wait: it is not the balancer's address
    // that is known
    await().atMost(LONG).until(() -> newAccount(published()).contains(" 429 "));
    for (int i = 0; i < 9; i++) {
      assertThat(newAccount(OtherClient.connect(stack.inspect("balancer"), "outside", 443)))
          .contains(" 200 ");
    }
  }

  private static String newAccount(Socket connection) throws IOException {
    return over(connection, "POST /new HTTP/1.1", "http/1.1");
  }

  @Test
  @Order(7)
  void theLossOfAWebServiceIsNotNoticedByWhoComesNext() throws Exception {
    Compose.kill(stack.inspectAll("web-service").getFirst());

    for (int i = 0; i < 30; i++) {
      assertThat(overPort443("GET /info.html HTTP/1.1", "http/1.1")).contains(" 200 ");
    }
    assertThat(overPort443("", "imap")).startsWith("* OK");
    await().atMost(LONG).until(() -> stack.healthy("web-service"));
  }

  @Test
  @Order(8)
  void whoHasLoggedInToTheConsoleStaysSoUntilThatReplicaIsGone() throws Exception {
    var session = logIn();
    var ended = 0;
    for (var web : stack.inspectAll("web-service")) {
      for (int i = 0; i < 6; i++) {
        assertThat(console(session)).isEqualTo(200);
      }
      Compose.kill(web);
      var cookie = session;
      await().atMost(LONG).until(() -> console(cookie) > 0);
      if (console(cookie) != 200) {
        ended++;
        session = logIn();
      }
      // Nor is anybody led away when it is there again
      await().atMost(LONG).until(() -> stack.healthy("web-service"));
      assertThat(console(session)).isEqualTo(200);
    }
    assertThat(ended).isPositive();
  }

  /** The cookie of somebody who has just opened the link that the command prints. */
  private static String logIn() throws Exception {
    var printed = stack.postbus("config-service", "console", "--json").succeeded().output();
    var code = JSON.readTree(printed).path("link").asText().replaceFirst(".*code=", "");
    var origin = "http://127.0.0.1:" + stack.port(9104);
    try (var client = HttpClient.newHttpClient()) {
      var answer =
          client.send(
              HttpRequest.newBuilder(URI.create(origin + "/console/login"))
                  .header("Origin", origin)
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(HttpRequest.BodyPublishers.ofString("code=" + code))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
      return answer.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
    }
  }

  /** How the console's first page is answered, over a connection of its own; 0 if it is not. */
  private static int console(String cookie) {
    try (var client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + stack.port(9104) + "/console"))
                  .header("Cookie", cookie)
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .statusCode();
    } catch (IOException away) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private static void send(
      Account sender,
      Account receiver,
      AtomicInteger sent,
      Queue<String> failures,
      AtomicBoolean enough) {
    var message = new SealedMessage(3000);
    try (var smtp = SmtpSession.logIn(stack.target(), sender)) {
      while (!enough.get()) {
        smtp.send(receiver.address(), message.bytes(sender.address(), receiver.address()));
        sent.incrementAndGet();
      }
    } catch (IOException e) {
      failures.add("sending: " + e);
    }
  }

  /** First logins and later ones, with a question for metadata. */
  private static void logIn(AtomicInteger logins, Queue<String> failures, AtomicBoolean enough) {
    while (!enough.get()) {
      var account = Account.fresh(Compose.DOMAIN);
      try {
        for (int i = 0; i < 2; i++) {
          try (var imap = Conversation.tls("127.0.0.1", stack.target().imaps())) {
            imap.hear();
            ok(imap, "LOGIN \"%s\" \"%s\"".formatted(account.address(), account.password()));
            ok(imap, "SETMETADATA INBOX (/private/devicetoken \"token-%d\")".formatted(i));
            ok(imap, "GETMETADATA INBOX /private/devicetoken");
          }
          logins.incrementAndGet();
        }
      } catch (IOException e) {
        failures.add("login: " + e);
      }
    }
  }

  private static void ok(Conversation imap, String command) throws IOException {
    imap.say("a " + command);
    for (var line = imap.hear(); ; line = imap.hear()) {
      if (line.startsWith("a ")) {
        if (!line.startsWith("a OK")) {
          throw new IOException(command.split(" ")[0] + ": " + line);
        }
        return;
      }
    }
  }

  private static void awaitMore(AtomicInteger... counts) {
    for (var count : counts) {
      var before = count.get();
      await().atMost(LONG).until(() -> count.get() > before + 5);
    }
  }

  private static void ask(
      String request,
      Duration pause,
      AtomicInteger requests,
      Queue<String> failures,
      AtomicBoolean enough) {
    while (!enough.get()) {
      try {
        var answer = overPort443(request + " HTTP/1.1", "http/1.1");
        if (!answer.startsWith("HTTP/1.1 200 ")) {
          failures.add(request + " is answered " + answer.lines().findFirst().orElse("nothing"));
        }
        requests.incrementAndGet();
      } catch (IOException e) {
        failures.add(request + ": " + e);
      }
      LockSupport.parkNanos(pause.toNanos());
    }
  }

  /** All that is answered, or of mail the greeting. */
  private static String overPort443(String request, String protocol) throws IOException {
    return over(published(), request, protocol);
  }

  private static Socket published() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), stack.port(443));
  }

  private static String over(Socket connection, String request, String protocol)
      throws IOException {
    try (connection;
        var tls = AnyTls.over(connection, protocol)) {
      tls.setSoTimeout(20_000);
      if (request.isEmpty()) {
        return new String(tls.getInputStream().readNBytes(4), StandardCharsets.US_ASCII);
      }
      var whole =
          request
              + "\r\nHost: "
              + Compose.DOMAIN
              + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
      tls.getOutputStream().write(whole.getBytes(StandardCharsets.US_ASCII));
      return new String(tls.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static JsonNode status() throws Exception {
    return JSON.readTree(stack.postbus("config-service", "status", "--json").output());
  }

  private static long serving() throws Exception {
    var count = 0;
    for (var replica : status().path("policyReplicas")) {
      count += replica.path("serves").asBoolean() ? 1 : 0;
    }
    return count;
  }

  private static List<String> ids(String service) throws Exception {
    return stack.inspectAll(service).stream().map(one -> one.path("Id").asText()).toList();
  }

  /** Asks the balancer from within a container; what it answers does not matter. */
  private static void ask(String service) throws Exception {
    askFrom(stack.inspect(service).path("Id").asText());
  }

  private static void askFrom(String container) throws Exception {
    Command.run(
        LONG,
        java.util.Map.of(),
        List.of("docker", "exec", container, "/opt/postbus/health", "http:balancer:80/"));
  }

  private static List<Long> clientsOfWebServices() throws Exception {
    var address = addresses(stack.inspect("balancer")).getFirst();
    try (var client = HttpClient.newHttpClient()) {
      var page =
          client
              .send(
                  HttpRequest.newBuilder(URI.create("http://" + address + ":8404/metrics")).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      return SESSIONS.matcher(page).results().map(match -> Long.parseLong(match.group(2))).toList();
    }
  }

  private static List<String> addresses(JsonNode container) {
    return ofNetworks(container, "IPAddress");
  }

  private static List<String> ofNetworks(JsonNode container, String what) {
    return container.at("/NetworkSettings/Networks").properties().stream()
        .map(network -> network.getValue().path(what).asText())
        .filter(address -> !address.isEmpty())
        .toList();
  }

  private interface Action {
    void run() throws IOException;
  }

  private static String catchMessage(Action action) {
    try {
      action.run();
      return "it was taken";
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
