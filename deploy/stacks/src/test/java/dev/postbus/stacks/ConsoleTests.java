package dev.postbus.stacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postbus.deploy.local.StackPorts;
import dev.postbus.testing.Browser;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The console of a whole relay in a real browser, and those who try to get in. Pictures of its
 * pages are in target/screenshots afterwards.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class ConsoleTests {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  // As in libs/access.
  private static final int ALLOWED = 5;
  private static final int PHONE = 360;
  private static final int DESKTOP = 1280;
  private static final String HOSTILE =
      "<img src=x onerror=\"window.owned=1\"><script>owned=1</script>";
  private static final List<String> PAGES =
      List.of(
          "",
          "/events",
          "/events?type=config-applied",
          "/events/config-changed/0",
          "/configuration",
          "/configuration/max_message_size",
          "/configuration/history",
          "/certificate",
          "/users",
          "/invites",
          "/dead-letters",
          "/doctor",
          "/no-such-page");

  private final LocalRelay relay;
  private final int port;
  private final int broker;
  private final int mail;
  private final ConsoleClient stranger;
  private Path folder;
  private Path wrongPage;
  private Browser browser;
  private String axe;
  private ConsoleClient client;

  ConsoleTests(LocalRelay relay) {
    this.relay = relay;
    var ports = new StackPorts(relay.offset(), relay.shape());
    port = ports.web();
    broker = ports.broker();
    mail = ports.mail();
    stranger = new ConsoleClient(port, "", "127.0.0.1");
  }

  @BeforeAll
  void logIn() throws Exception {
    folder = Files.createTempDirectory("console-");
    browser = Browser.start(folder);
    try (var in =
        Objects.requireNonNull(ConsoleTests.class.getResourceAsStream("/axe.min.js"), "axe")) {
      axe = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    // Something to see: an account, a record that nobody can read, and a page that is no text
    relay.newUser();
    putOnTheLog(HOSTILE);
    wrongPage =
        Files.createDirectories(relay.folder().resolve("state/custom/www/src")).resolve("faq.md");
    Files.write(wrongPage, new byte[] {'#', ' ', (byte) 0xFF});
    await().atMost(LONG).until(() -> pageProblem().contains("faq.md"));
    browser.device(DESKTOP, 900, false);
    browser.open(link());
    assertThat(browser.complaints(axe, ".*")).isEmpty();
    browser.pressEnter();
    await().atMost(LONG).until(() -> title().startsWith("Overview"));
    client = stranger.with(ConsoleClient.cookie(stranger.logIn(code())));
  }

  private String pageProblem() throws Exception {
    return Cli.JSON.readTree(Api.get(port, "/web/status").body()).path("problem").asText("");
  }

  @AfterAll
  void close() throws Exception {
    if (wrongPage != null) {
      Files.deleteIfExists(wrongPage);
      await().atMost(LONG).until(() -> !pageProblem().contains("faq.md"));
    }
    if (browser != null) {
      browser.close();
    }
    LocalRelay.remove(folder);
  }

  private String link() throws Exception {
    var printed = relay.cli().run("console", "--json");
    assertThat(printed.exitCode()).as(printed.output()).isZero();
    return Cli.JSON.readTree(printed.output()).path("link").asText();
  }

  private String code() throws Exception {
    return link().replaceFirst(".*code=", "");
  }

  private void putOnTheLog(String value) {
    var settings = Map.<String, Object>of("bootstrap.servers", "127.0.0.1:" + broker);
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      var bytes = value.getBytes(StandardCharsets.UTF_8);
      var record = new ProducerRecord<>("config-changed", bytes, bytes);
      for (var header : List.of("ce_id", "ce_type", "ce_source", "ce_specversion")) {
        record.headers().add(header, bytes);
      }
      producer.send(record);
      producer.flush();
    }
  }

  private void go(String path) throws Exception {
    browser.open("http://127.0.0.1:" + port + "/console" + path);
  }

  private String title() throws Exception {
    return browser.run("return document.title").asText();
  }

  private String text() throws Exception {
    return browser.run("return document.body.innerText").asText();
  }

  private void awaitText(String expected) {
    await().atMost(LONG).untilAsserted(() -> assertThat(text()).contains(expected));
  }

  @ParameterizedTest
  @Order(1)
  @CsvSource({"desktop, light", "desktop, dark", "phone, light", "phone, dark"})
  void everyPageCanBeReadByEverybodyAndAsksNobodyElse(String device, String colours)
      throws Exception {
    var width = device.equals("phone") ? PHONE : DESKTOP;
    browser.device(width, 900, device.equals("phone"));
    browser.colours(colours);
    for (var page : Stream.concat(PAGES.stream(), Stream.of("/login")).toList()) {
      go(page);
      var name = page.isEmpty() ? "overview" : page.substring(1).replaceAll("[^a-z-]+", "-");
      browser.screenshot(SCREENSHOTS.resolve(name + "-" + device + "-" + colours + ".png"));

      assertThat(browser.complaints(axe, ".*")).as(name).isEmpty();
      assertThat(
              browser
                  .run(
                      "return Math.max(innerWidth, document.documentElement.scrollWidth,"
                          + " document.body.scrollWidth)")
                  .asInt())
          .as(name)
          .isLessThanOrEqualTo(width);
      // Nor is any part of these, which people read on the way.
      if (page.startsWith("/events") || page.equals("/doctor")) {
        assertThat(
                browser.run(
                    "return [...document.querySelectorAll('main *')].filter(e => e.scrollWidth >"
                        + " e.clientWidth && getComputedStyle(e).overflowX !== 'visible').map(e =>"
                        + " e.outerHTML)"))
            .as(name)
            .isEmpty();
      }
      assertThat(text()).as(name).doesNotContain("{");
      for (JsonNode asked :
          browser.run("return performance.getEntriesByType('resource').map(e => e.name)")) {
        assertThat(asked.asText()).startsWith("http://127.0.0.1:" + port + "/console");
      }
      // And text of somebody's is text.
      assertThat(browser.run("return window.owned === undefined").asBoolean()).as(name).isTrue();
    }
    browser.colours("light");
    browser.device(DESKTOP, 900, false);
  }

  @Test
  @Order(2)
  void theKeyboardReachesAllOfEachPageAndOneSeesWhere() throws Exception {
    // By their place: what is on a page may be brought up to date meanwhile.
    var list =
        "[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary,"
            + " [tabindex=\"0\"]')].filter(e => e.checkVisibility())";
    for (var page : PAGES) {
      go(page);
      var all = browser.run("return " + list + ".length").asInt();
      var reached = new HashSet<Integer>();
      for (int i = 0; i < all; i++) {
        browser.pressTab();
        var focused =
            browser.run(
                "const e = document.activeElement; return {place: "
                    + list
                    + ".indexOf(e), outline: getComputedStyle(e).outlineStyle}");
        assertThat(focused.path("outline").asText())
            .as("%s %s", page, focused)
            .isNotEqualTo("none");
        reached.add(focused.path("place").asInt());
      }
      assertThat(reached).as(page).hasSize(all).doesNotContain(-1);
    }
  }

  @Test
  @Order(3)
  void aChangeShowsWithoutReloadAndItsChainIsDrawn() throws Exception {
    go("/events");
    browser.run("window.same = true");
    var size = "" + (10_000_000 + System.nanoTime() % 1_000_000);

    assertThat(relay.cli().run("config", "set", "max_message_size", size).exitCode()).isZero();

    awaitText("max_message_size = " + size);
    awaitText("config-applied");
    assertThat(browser.run("return window.same").asBoolean()).isTrue();
    browser.run(
        "[...document.querySelectorAll('.events li')].find(r => r.innerText.includes('= "
            + size
            + "')).querySelector('a').click()");
    await().atMost(LONG).until(() -> title().startsWith("A change"));
    assertThat(text()).contains("config-changed by config-service", "mail-supervisor", "after");
    assertThat(browser.run("return document.querySelectorAll('.chain svg').length").asInt())
        .isGreaterThanOrEqualTo(3);
  }

  @Test
  @Order(4)
  void aFormSaysWhileOneTypesWhatItWouldDo() throws Exception {
    var before = relay.cli().run("config", "show").output();
    go("/configuration/max_message_size");

    browser.run("const v = document.getElementById('value'); v.focus(); v.select()");
    browser.type("much");
    awaitText("This cannot be set.");
    assertThat(text()).contains("max_message_size must be");

    browser.run("document.getElementById('value').select()");
    browser.type("9123456");
    awaitText("This can be set.");
    assertThat(text()).contains("mail-supervisor: ", "postfix reloaded", "web-service: ");
    assertThat(relay.cli().run("config", "show").output()).isEqualTo(before);

    browser.pressEnter();
    awaitText("is recorded");
    await()
        .atMost(LONG)
        .until(
            () -> relay.cli().run("config", "get", "max_message_size").output().strip(),
            "9123456"::equals);
  }

  @Test
  @Order(5)
  void anOperatorsDeedsAreDone() throws Exception {
    var token = client.formToken("/users");
    var user = relay.newUser();

    assertThat(said("/users/block", Map.of("token", token, "address", user.address())))
        .contains("is blocked");
    assertThat(user.canLogIn()).isFalse();
    assertThat(said("/users/unblock", Map.of("token", token, "address", user.address())))
        .contains("can log in again");
    assertThat(user.canLogIn()).isTrue();

    var made =
        said("/invites/create", Map.of("token", token, "uses", "2", "days", "3", "note", HOSTILE));
    assertThat(made)
        .contains("/invite/", "DCACCOUNT:https://", "&lt;img src=x")
        .doesNotContain("<img");
    var id = made.replaceFirst("(?s).*Invitation ([0-9a-f]{10}) is made.*", "$1");
    assertThat(client.get("/invites").body()).contains(id).doesNotContain("DCACCOUNT");
    assertThat(said("/invites/revoke", Map.of("token", token, "id", id))).contains("is revoked");

    assertThat(said("/certificate/renew", Map.of("token", token, "force", "yes")))
        .contains("Generation ");
    assertThat(said("/configuration/max_message_size", Map.of("token", token, "unset", "yes")))
        .contains("is recorded");
    assertThat(said("/rollback", Map.of("token", token, "version", "1")))
        .containsPattern("is recorded|says so already");
    assertThat(said("/rollback", Map.of("token", token, "version", "0")))
        .contains("no such version");
  }

  private String said(String path, Map<String, String> form) throws Exception {
    var answer = client.post(path, form);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    var next = answer.headers().firstValue("Location").orElse("").replaceFirst("^/console", "");
    return client.get(next).body();
  }

  @Test
  @Order(6)
  void whatIsWrittenByOthersIsText() throws Exception {
    await().atMost(LONG).until(() -> client.get("/dead-letters").body().contains("&lt;img src=x"));
    go("/dead-letters");
    browser.run("document.querySelectorAll('details').forEach(d => d.open = true)");

    assertThat(text()).contains("<script>owned=1</script>");
    assertThat(browser.run("return window.owned === undefined").asBoolean()).isTrue();
    for (var page : List.of("/events", "/dead-letters", "/invites")) {
      assertThat(client.get(page).body()).doesNotContain("<img", "<script>");
    }
  }

  @Test
  @Order(7)
  void whatTheServicesFindIsShownWithItsNextStep() throws Exception {
    var found = Cli.JSON.readTree(Api.get(mail, "/mail/doctor").body());
    assertThat(found)
        .extracting(one -> one.path("check").asText())
        .contains("inotify", "limits", "disk", "clock");

    go("/doctor");
    assertThat(text()).contains("web-service: ", "faq.md", "Next: mend that");
    for (var one : found) {
      assertThat(text()).contains(one.path("check").asText());
      if (one.path("next").isTextual()) {
        assertThat(text()).contains("Next: " + one.path("next").asText());
      }
    }
    var count = browser.run("return document.querySelectorAll('.findings > li').length").asInt();
    assertThat(count).isPositive();
    go("");
    assertThat(text()).containsPattern("To look at: \\d problems?, \\d warnings?");
    assertThat(
            browser
                .run("return document.querySelectorAll('[aria-labelledby=h-attention] li').length")
                .asInt())
        .isEqualTo(count);
  }

  @Test
  @Order(8)
  void aPageSaysWhatABrowserMayDoWithIt() throws Exception {
    for (var answer : List.of(client.get(""), stranger.get("/login"), client.get("/console.js"))) {
      var headers = answer.headers();
      assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
          .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
          .doesNotContain("unsafe", "http", "*");
      assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(headers.firstValue("Cache-Control")).contains("no-store");
      assertThat(headers.firstValue("Cross-Origin-Resource-Policy")).contains("same-origin");
    }
    assertThat(stranger.logIn(code()).headers().firstValue("Set-Cookie").orElse(""))
        .containsIgnoringCase("; HttpOnly")
        .contains("SameSite=Strict", "Path=/console")
        .startsWith("postbus-console-" + port + "=");
    assertThat(browser.run("return document.cookie").asText()).isEmpty();
  }

  @Test
  @Order(9)
  void whoHasNotLoggedInSeesNothing() throws Exception {
    for (var page : PAGES) {
      var answer = stranger.get(page);
      assertThat(answer.statusCode()).as(page).isEqualTo(303);
      assertThat(answer.headers().firstValue("Location")).contains("/console/login");
    }
    assertThat(stranger.get("/live").statusCode()).isEqualTo(401);
    assertThat(stranger.with("postbus-console-" + port + "=" + "0".repeat(64)).get("").statusCode())
        .isEqualTo(303);
    assertThat(stranger.post("/users/block", Map.of("address", "a")).statusCode()).isEqualTo(401);
    assertThat(stranger.post("/code", Map.of()).statusCode()).isEqualTo(401);
    for (var path : List.of("/console", "/console/login", "/console/style.css", "/metrics")) {
      assertThat(relay.https("GET", path).statusCode()).as(path).isEqualTo(404);
    }
  }

  @Test
  @Order(10)
  void otherSitesCanDoNothing() throws Exception {
    var token = client.formToken("/users");
    var form = Map.of("token", token, "version", "1");

    assertThat(client.post("/rollback", form, "https://evil.example", "cross-site").statusCode())
        .isEqualTo(403);
    assertThat(client.post("/rollback", form, "http://127.0.0.1:1", "same-site").statusCode())
        .isEqualTo(403);
    assertThat(client.post("/rollback", form, "null", "").statusCode()).isEqualTo(403);
    assertThat(client.post("/rollback", form, "", "").statusCode()).isEqualTo(403);
    assertThat(client.post("/rollback", Map.of("version", "1")).statusCode()).isEqualTo(403);
    assertThat(
            client.post("/rollback", Map.of("version", "1", "token", "0".repeat(64))).statusCode())
        .isEqualTo(403);
    // A name of somebody's that leads here
    for (var host : List.of("evil.example:" + port, "localhost.evil.example", "")) {
      assertThat(client.asHost(host, "")).as(host).containsPattern(" 4(21|00) ");
    }
    assertThat(client.asHost("localhost:" + port, "")).contains(" 200 ");
  }

  @Test
  @Order(11)
  void aSessionThatSomebodyHasPreparedIsNone() throws Exception {
    var prepared = "postbus-console-" + port + "=" + "ab".repeat(32);

    var answer = stranger.with(prepared).logIn(code());

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(ConsoleClient.cookie(answer)).isNotEqualTo(prepared);
    assertThat(stranger.with(prepared).get("").statusCode()).isEqualTo(303);
    // And who logs in anew leaves no session behind
    var first = stranger.with(ConsoleClient.cookie(answer));
    var second = stranger.with(ConsoleClient.cookie(first.logIn(code())));
    assertThat(first.get("").statusCode()).isEqualTo(303);
    assertThat(second.get("").statusCode()).isEqualTo(200);
  }

  @Test
  @Order(12)
  void whoGuessesIsShutOutForAWhile() throws Exception {
    var guesser = new ConsoleClient(port, "", "127.0.0.66");
    for (int i = 0; i < ALLOWED; i++) {
      assertThat(guesser.logIn("guess" + i).statusCode()).isEqualTo(403);
    }

    HttpResponse<String> answer = guesser.logIn(code());

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After")).contains("60");
    assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    var used = code();
    assertThat(stranger.logIn(used).statusCode()).isEqualTo(303);
    assertThat(stranger.logIn(used).statusCode()).isEqualTo(403);
  }

  @Test
  @Order(13)
  void whoLogsOutIsOut() throws Exception {
    go("");
    browser.run("document.querySelector('header form button').click()");
    await().atMost(LONG).until(() -> title().startsWith("Log in"));

    assertThat(client.post("/logout", Map.of("token", client.formToken("/users"))).statusCode())
        .isEqualTo(303);
    assertThat(client.get("").statusCode()).isEqualTo(303);
    go("/users");
    assertThat(title()).startsWith("Log in");
  }
}
