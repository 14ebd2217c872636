package dev.postbus.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.testing.Browser;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shipped pages in a real browser; pictures of them are in target/screenshots afterwards. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrowserTest {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final int MOST_BYTES = 100_000;
  private static final String INVITATION = "invite/abcdefghijklmnopqrstuvwxyz";
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final int PHONE = 360;
  private static final int DESKTOP = 1280;

  private Path folder;
  private RunningNginx nginx;
  private Browser browser;
  private String axe;

  @BeforeAll
  void start() throws Exception {
    folder = Files.createTempDirectory("browser-");
    nginx =
        RunningNginx.start(
            Map.ofEntries(
                Map.entry("mail_domain", "relay.test"),
                Map.entry("privacy_postal", "Main Street 1"),
                Map.entry("privacy_mail", "me@relay.test"),
                Map.entry("max_mailbox_size", "500M"),
                Map.entry("max_message_size", "31457280"),
                Map.entry("max_user_send_per_minute", "60"),
                Map.entry("max_user_send_burst_size", "10"),
                Map.entry("delete_mails_after", "20"),
                Map.entry("delete_large_after", "7"),
                Map.entry("delete_inactive_users_after", "90")));
    nginx.completePages();
    browser = Browser.start(folder);
    try (var in =
        Objects.requireNonNull(BrowserTest.class.getResourceAsStream("/axe.min.js"), "axe")) {
      axe = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @AfterAll
  void stop() throws Exception {
    try {
      if (browser != null) {
        browser.close();
      }
      if (nginx != null) {
        nginx.close();
      }
    } finally {
      try (var files = Files.walk(folder)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "en, phone, light",
    "en, phone, dark",
    "en, desktop, light",
    "en, desktop, dark",
    "ru, phone, light",
    "ru, phone, dark",
    "ru, desktop, light",
    "ru, desktop, dark",
  })
  void everyPageCanBeReadByEverybody(String language, String device, String colours)
      throws Exception {
    look(language, device, colours);
    for (var page : List.of("", "info", "privacy", "no-such-page", INVITATION)) {
      browser.open(url(page));
      var name =
          (page.isEmpty() ? "index" : page.replaceFirst("/.*", ""))
              + "-"
              + language
              + "-"
              + device
              + "-"
              + colours;
      browser.screenshot(SCREENSHOTS.resolve(name + ".png"));

      assertThat(browser.run("return document.documentElement.lang").asText())
          .as(name)
          .isEqualTo(language);
      // A phone's browser makes the window as wide as what does not fit, so that is not asked.
      assertThat(browser.run("return document.documentElement.scrollWidth").asInt())
          .as(name)
          .isLessThanOrEqualTo(device.equals("phone") ? PHONE : DESKTOP);
      assertThat(browser.run("return document.body.innerText").asText())
          .as(name)
          .doesNotContain("{");
      assertThat(complaints()).as(name).isEmpty();
    }
  }

  @Test
  void whatCannotBeReadWouldBeFound() throws Exception {
    browser.open("data:text/html,<p style='color:%23ddd;background:%23fff'>pale</p><img src='x'>");

    assertThat(complaints())
        .anyMatch(complaint -> complaint.startsWith("color-contrast"))
        .anyMatch(complaint -> complaint.startsWith("image-alt"));
  }

  @Test
  void coloursFollowWhatSomebodyLikes() throws Exception {
    look("en", "desktop", "light");
    browser.open(url(""));
    var light = background();

    browser.colours("dark");

    assertThat(background()).isNotEqualTo(light);
  }

  @Test
  void aPageIsSmallAndAsksNobodyElse() throws Exception {
    for (var language : List.of("en", "ru")) {
      look(language, "phone", "light");
      browser.open(url("privacy"));
      browser.open(url(""));

      var requests =
          browser.run(
              "return performance.getEntriesByType('navigation')"
                  + ".concat(performance.getEntriesByType('resource'))"
                  + ".map(e => ({url: e.name, bytes: e.encodedBodySize}))");

      var bytes = 0;
      for (var request : requests) {
        bytes += request.path("bytes").asInt();
        assertThat(request.path("url").asText()).startsWith(url(""));
      }
      assertThat(requests.size()).isGreaterThan(1);
      assertThat(bytes).isBetween(1000, MOST_BYTES);
      assertThat(browser.run("return document.scripts.length").asInt()).isZero();
      var painted =
          browser.runAndWait(
              "const done = arguments[0]; new PerformanceObserver(list => list"
                  + ".getEntriesByName('first-contentful-paint').forEach(e => done(e.startTime)))"
                  + ".observe({type: 'paint', buffered: true})");
      Files.writeString(
          Path.of("target", "first-paint-" + language + ".txt"),
          "%d bytes, first contentful paint after %.0f ms%n".formatted(bytes, painted.asDouble()));
    }
  }

  @Test
  void theKeyboardReachesEveryLinkAndOneSeesWhere() throws Exception {
    look("en", "desktop", "light");
    browser.open(url(""));
    var links = browser.run("return document.querySelectorAll('a').length").asInt();

    var reached = new ArrayList<String>();
    for (int i = 0; i < links; i++) {
      browser.pressTab();
      var focused =
          browser.run(
              "const e = document.activeElement, s = getComputedStyle(e), r ="
                  + " e.getBoundingClientRect(); return {href: e.getAttribute('href'), outline:"
                  + " s.outlineStyle, seen: r.left >= 0 && r.width > 0}");
      assertThat(focused.path("outline").asText()).as("%s", focused).isNotEqualTo("none");
      assertThat(focused.path("seen").asBoolean()).as("%s", focused).isTrue();
      reached.add(focused.path("href").asText());
    }

    assertThat(reached)
        .startsWith("#content", "/", "/info", "/privacy")
        .contains("dcaccount:https://relay.test/new");
  }

  @Test
  void whoSkipsTheMenuIsAtTheContent() throws Exception {
    look("en", "desktop", "light");
    browser.open(url("info"));

    browser.pressTab();
    browser.pressEnter();

    assertThat(browser.run("return location.hash").asText()).isEqualTo("#content");
  }

  @ParameterizedTest
  @CsvSource({"light", "dark"})
  void anotherReaderReadsTheCodeOfTheScreen(String colours) throws Exception {
    look("en", "desktop", colours);
    browser.open(url(""));
    var screen = browser.screenshot(folder.resolve(colours + ".png"));

    assertThat(scanned(screen)).isEqualTo("DCACCOUNT:https://relay.test/new");
  }

  @Test
  void anotherReaderReadsTheCodesFile() throws Exception {
    try (var client = RunningNginx.client("127.0.0.1")) {
      var file = folder.resolve("qr.png");
      client.send(nginx.request("/qr.png").build(), HttpResponse.BodyHandlers.ofFile(file));

      assertThat(scanned(file)).isEqualTo("DCACCOUNT:https://relay.test/new");
    }
  }

  @ParameterizedTest
  @CsvSource({"en, phone, light", "ru, desktop, dark"})
  void whereNobodyVouchesForTheCertificateOneAsksForALogin(
      String language, String device, String colours) throws Exception {
    try (var selfSigned = RunningNginx.start(Map.of())) {
      selfSigned.completePages();
      look(language, device, colours);
      browser.open("https://127.0.0.1:" + selfSigned.ports().https() + "/");
      assertThat(complaints()).isEmpty();

      browser.run("document.querySelector('form button').focus()");
      browser.pressEnter();
      await()
          .atMost(LONG)
          .until(() -> browser.run("return location.pathname").asText().equals("/account"));

      var name = "login-" + language + "-" + device + "-" + colours;
      var screen = browser.screenshot(SCREENSHOTS.resolve(name + ".png"));
      assertThat(complaints()).isEmpty();
      assertThat(scanned(screen))
          .startsWith("dclogin:")
          .isEqualTo(
              browser
                  .run("return document.querySelector('.action').getAttribute('href')")
                  .asText());
    }
  }

  /** As zbar reads it, which shares nothing with what has written it. */
  private static String scanned(Path picture) throws IOException, InterruptedException {
    var zbar =
        new ProcessBuilder("/usr/bin/zbarimg", "--quiet", "--raw", picture.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    var text = new String(zbar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(zbar.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return text.strip();
  }

  private void look(String language, String device, String colours) throws Exception {
    browser.language(language);
    browser.colours(colours);
    if (device.equals("phone")) {
      browser.device(PHONE, 740, true);
    } else {
      browser.device(DESKTOP, 800, false);
    }
  }

  private String url(String page) {
    return "https://127.0.0.1:" + nginx.ports().https() + "/" + page;
  }

  private String background() throws Exception {
    return browser.run("return getComputedStyle(document.body).backgroundColor").asText();
  }

  /** What axe finds serious or worse. */
  private List<String> complaints() throws Exception {
    return browser.complaints(axe, "serious|critical");
  }
}
