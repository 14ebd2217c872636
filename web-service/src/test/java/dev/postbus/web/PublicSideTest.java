package dev.postbus.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.bench.mail.AnyTls;
import dev.postbus.testing.TlsOffer;
import dev.postbus.testing.TlsOffer.Version;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What everybody sees of the relay, from the real nginx. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PublicSideTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String TOKEN = "abcdefghijklmnopqrstuvwxyz";

  private RunningNginx nginx;

  @BeforeAll
  void start() throws Exception {
    nginx = RunningNginx.start(Map.of("privacy_mail", "me@relay.test"));
  }

  @AfterAll
  void stop() throws IOException {
    if (nginx != null) {
      nginx.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', en",
    "*, en",
    "en, en",
    "de, en",
    "ru, ru",
    "RU, ru",
    "ru-RU, ru",
    "'ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7', ru",
    "'en-US,en;q=0.9,ru;q=0.8', en",
    "'de, fr;q=0.9, ru;q=0.5, en;q=0.3', ru",
    "'de,en;q=0.5,ru;q=0.3', en",
    "ru;q=0, en",
    "'ru;q=0.0, de', en",
    "'rum, en', en",
    "'x-ru', en",
  })
  void aPageIsInTheLanguageThatABrowserNamesFirst(String accepted, String language)
      throws Exception {
    for (var path : new String[] {"/", "/info", "/privacy", "/no-such-page"}) {
      var page =
          accepted.isEmpty() ? nginx.get(path) : nginx.get(path, "Accept-Language", accepted);

      assertThat(page.body()).as(path).contains("<html lang=\"" + language + "\">");
      assertThat(page.headers().allValues("Vary")).as(path).containsExactly("Accept-Language");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/, 200",
    "/info, 200",
    "/style.css, 200",
    "/qr.png, 200",
    "/no-such-page, 404",
    "/relay, 404",
    "/ping, 404",
    "/generate_204, 404",
    "/.well-known/mta-sts.txt, 200",
    "/.well-known/security.txt, 200",
    "/robots.txt, 200",
  })
  void everyAnswerSaysWhatABrowserMayDoWithIt(String path, int status) throws Exception {
    var answer = nginx.get(path);

    assertThat(answer.statusCode()).isEqualTo(status);
    var headers = answer.headers();
    assertThat(headers.firstValue("Strict-Transport-Security")).contains("max-age=63072000");
    assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'")
        .doesNotContain("unsafe", "script-src");
    assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(headers.firstValue("Referrer-Policy")).contains("no-referrer");
    assertThat(headers.firstValue("Permissions-Policy")).isPresent();
    assertThat(headers.firstValue("Cross-Origin-Opener-Policy")).contains("same-origin");
    assertThat(headers.firstValue("Cross-Origin-Resource-Policy")).contains("same-origin");
    assertThat(headers.allValues("Vary")).hasSizeLessThan(2);
    assertThat(headers.firstValue("Retry-After")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/.well-known/mta-sts.txt, text/plain",
    "/.well-known/security.txt, text/plain",
    "/.well-known/autoconfig/mail/config-v1.1.xml, text/xml",
    "/qr.png, image/png",
    "/style.css, text/css",
  })
  void filesHaveTheirType(String path, String type) throws Exception {
    assertThat(nginx.get(path).headers().firstValue("Content-Type").orElse("")).startsWith(type);
  }

  @Test
  void noVersionIsShown() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), nginx.ports().http())) {
      ask(socket.getOutputStream(), "NONSENSE\r\n\r\n");
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).contains("400 Bad Request").doesNotContainPattern("nginx/\\d|Debian");
    }
    for (var path : new String[] {"/", "/no-such-page"}) {
      var answer = nginx.get(path);
      assertThat(answer.headers().firstValue("Server")).contains("nginx");
      assertThat(answer.body()).doesNotContainPattern("nginx/\\d|Debian");
    }
  }

  private static void ask(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  @Test
  void unencryptedRequestsAreSentToHttps() throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(
              URI.create("http://127.0.0.1:" + nginx.ports().http() + "/info?a=b"));
      var answer = client.send(request.build(), HttpResponse.BodyHandlers.discarding());

      assertThat(answer.statusCode()).isEqualTo(301);
      assertThat(answer.headers().firstValue("Location"))
          .contains("https://127.0.0.1:" + nginx.ports().https() + "/info?a=b");
    }
  }

  @Test
  void theNameWithWwwLeadsToTheOneWithout() throws Exception {
    try (var tls =
        AnyTls.newContext()
            .getSocketFactory()
            .createSocket(InetAddress.getLoopbackAddress(), nginx.ports().https())) {
      ask(tls.getOutputStream(), "GET /info?a=b HTTP/1.1\r\nHost: www._relay.test\r\n\r\n");
      var answer = new String(tls.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer)
          .startsWith("HTTP/1.1 301")
          .contains("Location: https://_relay.test:" + nginx.ports().https() + "/info?a=b\r\n");
    }
  }

  @Test
  void visitsAreCountedAndNothingIsSaidAboutWhom() throws Exception {
    var token = "z".repeat(26);
    nginx.get("/privacy?from=somewhere");
    nginx.get("/invite/" + token);
    nginx.get("/no/such/page");
    for (int i = 0; i < 30; i++) {
      try (var client = RunningNginx.client("127.0.0.77")) {
        post(client);
      }
    }

    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThat(nginx.visits())
                    .extracting(count -> count.page() + " " + count.status())
                    .contains("privacy 200", "invite 200", "other 404", "new 200", "new 429"));
    assertThat(nginx.said())
        .noneMatch(line -> line.contains("127.0.0.77") || line.contains(token))
        .noneMatch(line -> line.startsWith("visit"));
  }

  @ParameterizedTest
  @CsvSource({
    "/new, dcaccount:https://_relay.test/new",
    "/cgi-bin/newemail.py, dcaccount:https://_relay.test/new",
    "/new?invite=abc123, dcaccount:https://_relay.test/new?invite=abc123",
    "/new?invite=%22%3Cscript%3E, dcaccount:https://_relay.test/new",
    "/new?invite=a%0d%0aSet-Cookie:x, dcaccount:https://_relay.test/new",
    "/new?other=1, dcaccount:https://_relay.test/new",
  })
  void whoOpensTheAccountsAddressIsSentToAnApp(String path, String location) throws Exception {
    var answer = nginx.get(path);

    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(answer.headers().firstValue("Location")).contains(location);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/new", "/cgi-bin/newemail.py"})
  void anAccountIsAskedForWithWhatWasSaid(String path) throws Exception {
    try (var client = RunningNginx.client("127.0.0.1")) {
      var request =
          nginx
              .request(path + "?invite=" + TOKEN)
              .POST(HttpRequest.BodyPublishers.ofString("invite=x"));
      var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());

      assertThat(answer.body()).isEqualTo("POST /new?invite=" + TOKEN + " invite=x");
      assertThat(answer.headers().firstValue("Strict-Transport-Security")).isPresent();
    }
  }

  @Test
  void anInvitationsPageIsAskedForInALanguage() throws Exception {
    assertThat(nginx.get("/invite/" + TOKEN, "Accept-Language", "ru").body())
        .isEqualTo("GET /web/invite/" + TOKEN + "?language=.ru ");
    assertThat(nginx.get("/invite/" + TOKEN).body())
        .isEqualTo("GET /web/invite/" + TOKEN + "?language= ");
  }

  @Test
  void aLoginForAnAppIsAskedForByAForm() throws Exception {
    try (var client = RunningNginx.client("127.0.0.1")) {
      var request =
          nginx.request("/account").POST(HttpRequest.BodyPublishers.ofString("invite=" + TOKEN));
      request.header("Accept-Language", "ru");
      var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());

      assertThat(answer.body()).isEqualTo("POST /web/account?language=.ru invite=" + TOKEN);
    }
    assertThat(nginx.get("/account").statusCode()).isEqualTo(302);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/invite/",
        "/invite/..%2fstatus",
        "/invite/a/b",
        "/web/status",
        "/q/health",
        "/console",
        "/console/login",
        "/console/style.css",
        "/console/live",
        "/metrics"
      })
  void nothingElseIsPassedOn(String path) throws Exception {
    assertThat(nginx.get(path).statusCode()).isEqualTo(404);
  }

  @Test
  void whoAsksTooOftenMustWaitAndOthersNeedNot() throws Exception {
    try (var client = RunningNginx.client("127.0.0.2")) {
      // When one address asks for accounts as fast as it can
      HttpResponse<String> answer = post(client);
      for (int i = 0; i < 1000 && answer.statusCode() == 200; i++) {
        answer = post(client);
      }

      // Then it is told to wait, in words that an app shows
      assertThat(answer.statusCode()).isEqualTo(429);
      assertThat(answer.headers().firstValue("Retry-After")).contains("10");
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
      assertThat(answer.body()).startsWith("{\"reason\":\"").endsWith("\"}");
    }
    // And others are not
    try (var client = RunningNginx.client("127.0.0.3")) {
      assertThat(post(client).statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /%6eew",
    "POST, //new?language=ru",
    "POST, /cgi-bin/newemail.py",
    "POST, /account",
    "GET, /invite/" + TOKEN
  })
  void eachWayToAnAccountCountsHoweverItIsWritten(String method, String path) throws Exception {
    try (var client = RunningNginx.client("127.0.0.4")) {
      var status = 200;
      for (int i = 0; i < 1000 && status == 200; i++) {
        status = ask(client, method, path).statusCode();
      }

      assertThat(status).isEqualTo(429);
      assertThat(ask(client, "GET", "/").statusCode()).isEqualTo(200);
    }
  }

  private HttpResponse<String> post(HttpClient client) throws Exception {
    return ask(client, "POST", "/new");
  }

  private HttpResponse<String> ask(HttpClient client, String method, String path) throws Exception {
    return client.send(
        nginx.request(path).method(method, HttpRequest.BodyPublishers.noBody()).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void whereInvitationsAreNeededTheAddressAloneLeadsToTheStartPage() throws Exception {
    try (var invited = RunningNginx.start(Map.of("registration", "invite"))) {
      assertThat(invited.get("/new").headers().firstValue("Location"))
          .contains("https://_relay.test:" + invited.ports().https() + "/");
      assertThat(invited.get("/new?invite=" + TOKEN).headers().firstValue("Location"))
          .contains("dcaccount:https://_relay.test/new?invite=" + TOKEN);
      assertThat(invited.get("/").body()).contains("By invitation").doesNotContain("<svg");
    }
  }

  @Test
  void onlyStrongSuitesOfTheTwoNewestVersionsAreAgreedTo() throws Exception {
    var web = new TlsOffer(nginx.ports().https(), "", "");

    assertThat(web.suites(Version.TLS_1_0)).isEmpty();
    assertThat(web.suites(Version.TLS_1_1)).isEmpty();
    assertThat(web.suites(Version.TLS_1_2))
        .isNotEmpty()
        .allMatch(suite -> suite.matches("ECDHE-ECDSA-(AES(128|256)-GCM|CHACHA20).*"));
    assertThat(web.suites(Version.TLS_1_3))
        .isNotEmpty()
        .isSubsetOf(
            "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256");
  }
}
