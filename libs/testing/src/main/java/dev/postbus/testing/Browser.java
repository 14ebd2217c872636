package dev.postbus.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Debian's Chromium without a screen, driven by its chromedriver (W3C WebDriver). */
public final class Browser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String TAB = "\uE004";

  private final HttpClient client = HttpClient.newHttpClient();
  private final TestDaemon driver;
  private final String base;
  private final String session;

  private Browser(TestDaemon driver, int port, Path profile) throws Exception {
    this.driver = driver;
    this.base = "http://127.0.0.1:" + port;
    var options =
        Map.of(
            "binary",
            "/usr/bin/chromium",
            "args",
            List.of(
                "--headless=new",
                // The tests are run by root, for whom Chromium has no sandbox.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-proxy-server",
                "--user-data-dir=" + profile));
    var capabilities = Map.of("acceptInsecureCerts", true, "goog:chromeOptions", options);
    session =
        post("/session", Map.of("capabilities", Map.of("alwaysMatch", capabilities)))
            .path("sessionId")
            .asText();
    command("Network.enable", Map.of());
  }

  /**
   * Starts one.
   *
   * @param folder for its profile and its log
   */
  public static Browser start(Path folder) throws Exception {
    var port = FreePort.any();
    var driver =
        TestDaemon.start(
            List.of("/usr/bin/chromedriver", "--port=" + port),
            Map.of("HOME", folder.toString(), "TMPDIR", folder.toString()),
            folder.resolve("chromedriver.log"),
            port);
    try {
      return new Browser(driver, port, folder.resolve("profile"));
    } catch (Exception e) {
      driver.close();
      throw e;
    }
  }

  /** Has it ask for pages in a language. */
  public void language(String accepted) throws Exception {
    command("Network.setExtraHTTPHeaders", Map.of("headers", Map.of("Accept-Language", accepted)));
  }

  /** Makes its window as large as a device's, in CSS pixels. */
  public void device(int width, int height, boolean mobile) throws Exception {
    command(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", mobile));
  }

  /** Says which colours somebody likes. */
  public void colours(String scheme) throws Exception {
    command(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Goes to an address, and waits until it is loaded. */
  public void open(String url) throws Exception {
    post(of("/url"), Map.of("url", url));
  }

  /** Runs a script in the page, as a function's body. */
  public JsonNode run(String script) throws Exception {
    return post(of("/execute/sync"), Map.of("script", script, "args", List.of()));
  }

  /** Runs one that gives its result to its last argument, a function. */
  public JsonNode runAndWait(String script) throws Exception {
    return post(of("/execute/async"), Map.of("script", script, "args", List.of()));
  }

  /** Presses a key on the keyboard. */
  public void pressTab() throws Exception {
    press(TAB);
  }

  /** Presses the other one. */
  public void pressEnter() throws Exception {
    press("\uE007");
  }

  /** Types a text into what has the focus. */
  public void type(String text) throws Exception {
    for (var letter : text.codePoints().mapToObj(Character::toString).toList()) {
      press(letter);
    }
  }

  private void press(String key) throws Exception {
    post(
        of("/actions"),
        Map.of(
            "actions",
            List.of(
                Map.of(
                    "type",
                    "key",
                    "id",
                    "keyboard",
                    "actions",
                    List.of(
                        Map.of("type", "keyDown", "value", key),
                        Map.of("type", "keyUp", "value", key))))));
  }

  /** Takes away all cookies. */
  public void forget() throws Exception {
    command("Network.clearBrowserCookies", Map.of());
  }

  /** Cookies for an address, also those that no script sees. */
  public JsonNode cookies(String url) throws Exception {
    return command("Network.getCookies", Map.of("urls", List.of(url))).path("cookies");
  }

  /**
   * What axe finds wrong with the page that is shown.
   *
   * @param axe its script
   * @param impacts of which impacts, as a pattern
   */
  public List<String> complaints(String axe, String impacts) throws Exception {
    run(axe);
    var violations =
        runAndWait(
            "const done = arguments[arguments.length - 1];"
                + "axe.run().then(r => done(r.violations), e => done([{id: String(e), impact:"
                + " 'critical'}]))");
    var complaints = new ArrayList<String>();
    for (var violation : violations) {
      if (violation.path("impact").asText().matches(impacts)) {
        complaints.add(violation.path("id").asText() + ": " + violation.path("nodes"));
      }
    }
    return complaints;
  }

  /** A picture of the whole page. */
  public Path screenshot(Path file) throws Exception {
    var picture =
        command("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    return Files.write(file, Base64.getDecoder().decode(picture.path("data").asText()));
  }

  private JsonNode command(String name, Map<String, ?> parameters) throws Exception {
    return post(of("/goog/cdp/execute"), Map.of("cmd", name, "params", parameters));
  }

  private String of(String path) {
    return "/session/" + session + path;
  }

  private JsonNode post(String path, Map<String, ?> body) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(LONG)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
            .build();
    var answer = client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    if (answer.statusCode() != 200) {
      throw new IOException(path + ": " + answer.body());
    }
    return JSON.readTree(answer.body()).path("value");
  }

  @Override
  public void close() throws IOException {
    try {
      client.send(
          HttpRequest.newBuilder(URI.create(base + of(""))).timeout(LONG).DELETE().build(),
          HttpResponse.BodyHandlers.discarding());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      client.close();
      driver.close();
    }
  }
}
