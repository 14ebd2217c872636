package dev.postbus.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.postbus.policy.account.AccountCounters;
import dev.postbus.policy.account.AccountRegister;
import dev.postbus.policy.account.Accounts;
import dev.postbus.policy.admin.AdminInterface;
import dev.postbus.policy.expiry.DailyExpiry;
import dev.postbus.policy.expiry.Expiry;
import dev.postbus.policy.expiry.ExpiryCounters;
import dev.postbus.policy.expiry.QuotaWarnings;
import dev.postbus.policy.expiry.StorageReports;
import dev.postbus.testing.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The control port over HTTP. */
class ControlTest {
  private static final String ALICE = "alice1234@relay.test";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final int port = FreePort.any();
  private Path file;
  private Control control;

  @BeforeEach
  void listen() throws Exception {
    file = folder.resolve("policy.json");
    JSON.writeValue(file.toFile(), TestSettings.in(folder, 1));
    var settings = new LiveSettings(file);
    var clock = Clock.systemUTC();
    var accounts =
        new Accounts(settings, TestSettings.invites(folder), clock, new AccountCounters());
    var expiry = new Expiry(settings, clock, new ExpiryCounters());
    var reports = new StorageReports(settings, clock);
    var admin =
        new AdminInterface(
            new AccountRegister(settings, accounts),
            expiry,
            new DailyExpiry(expiry, reports, settings, clock, new Random(1)),
            new QuotaWarnings(accounts, expiry),
            reports);
    control = new Control(port, settings, () -> {}, admin.handlers());
    var home = Files.createDirectories(folder.resolve(ALICE).resolve("cur")).getParent();
    Files.writeString(home.resolve("password"), "{SHA512-CRYPT}$6$x");
    Files.writeString(home.resolve("cur/1.a"), "mail");
    age(home.resolve("cur/1.a"), 5);
  }

  @AfterEach
  void close() {
    control.close();
    client.close();
  }

  @Test
  void accountsAreListedShownBlockedUnblockedAndDeleted() throws Exception {
    assertThat(json(ask("GET", "/users", "")).at("/users/0/address").asText()).isEqualTo(ALICE);
    assertThat(json(ask("GET", "/users/" + ALICE, "")).path("messages").asInt()).isEqualTo(1);

    assertThat(json(ask("POST", "/users/" + ALICE + "/block", "")).path("changed").asBoolean())
        .isTrue();
    assertThat(json(ask("GET", "/users?limit=1", "")).at("/users/0/blocked").asBoolean()).isTrue();
    assertThat(ask("POST", "/users/" + ALICE + "/unblock", "").statusCode()).isEqualTo(200);
    assertThat(json(ask("GET", "/users", "")).at("/users/0/blocked").asBoolean()).isFalse();

    assertThat(ask("DELETE", "/users/" + ALICE, "").statusCode()).isEqualTo(200);
    assertThat(folder.resolve(ALICE)).doesNotExist();
    assertThat(json(ask("GET", "/users", "")).path("users")).isEmpty();
  }

  @Test
  void anExpiryIsStartedAndFollowed() throws Exception {
    assertThat(json(ask("GET", "/expiry", "")).path("run").isNull()).isTrue();
    setDeleteMailsAfter(4);
    ask("POST", "/reload", "");

    assertThat(ask("POST", "/expiry", "{\"dryRun\":true}").statusCode()).isEqualTo(202);
    await().until(() -> state().at("/run/finished").asBoolean());

    var run = state().path("run");
    assertThat(run.at("/outcome/removed/OLD/count").asInt()).isEqualTo(1);
    assertThat(run.at("/outcome/affected/0/address").asText()).isEqualTo(ALICE);
    assertThat(Instant.parse(state().path("next").asText())).isAfter(Instant.now());
    assertThat(folder.resolve(ALICE).resolve("cur/1.a")).exists();
  }

  @Test
  void aReloadTakesUpNewLimits() throws Exception {
    ask("POST", "/expiry", "{\"dryRun\":false}");
    await().until(() -> state().at("/run/finished").asBoolean());
    assertThat(folder.resolve(ALICE).resolve("cur/1.a")).exists();

    setDeleteMailsAfter(4);
    assertThat(ask("POST", "/reload", "").statusCode()).isEqualTo(200);
    await().until(() -> ask("POST", "/expiry", "{\"dryRun\":false}").statusCode() == 202);

    await().until(() -> !Files.exists(folder.resolve(ALICE).resolve("cur/1.a")));
  }

  @Test
  void limitsThatWouldDeleteEverythingAreRefused() throws Exception {
    setDeleteMailsAfter(0);

    assertThat(ask("POST", "/reload", "").statusCode()).isEqualTo(422);
  }

  @Test
  void storageIsReported() throws Exception {
    var report = json(ask("GET", "/report", ""));

    assertThat(report.path("accounts").asInt()).isEqualTo(1);
    assertThat(report.at("/bySize/0/bytes").asInt()).isEqualTo(4);
    assertThat(report.at("/active/0/days").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /users/nobody123@relay.test, '', 404",
    "DELETE, /users/..%2F..%2Fetc@relay.test, '', 404",
    "POST, /users/alice1234@relay.test, '', 405",
    "GET, /users/alice1234@relay.test/block, '', 405",
    "POST, /users/alice1234@relay.test/other, '', 404",
    "DELETE, /users, '', 405",
    "GET, /users?limit=0, '', 422",
    "GET, /users?limit=10000, '', 422",
    "GET, /users?what=1, '', 422",
    "POST, /expiry, '', 422",
    "POST, /expiry, '{\"dryRun\":1}', 422",
    "POST, /expiry, '{', 422",
    "POST, /report, '', 405",
  })
  void wrongRequestsAreToldWhy(String method, String path, String body, int status)
      throws Exception {
    var answer = ask(method, path, body);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(json(answer).at("/problems/0/message").asText()).isNotEmpty();
  }

  @Test
  void aWebPageIsNotAnswered() throws Exception {
    var request =
        HttpRequest.newBuilder(at("/users/" + ALICE))
            .header("Origin", "http://evil.test")
            .DELETE()
            .build();

    assertThat(client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
        .isEqualTo(403);
    assertThat(folder.resolve(ALICE)).exists();
  }

  private JsonNode state() throws Exception {
    return json(ask("GET", "/expiry", ""));
  }

  private void setDeleteMailsAfter(int days) throws IOException {
    var settings = (ObjectNode) JSON.readTree(file.toFile());
    ((ObjectNode) settings.path("expiry")).put("deleteMailsAfter", days);
    JSON.writeValue(file.toFile(), settings);
  }

  private static void age(Path message, int days) throws IOException {
    Files.setLastModifiedTime(
        message, FileTime.from(Instant.now().minus(Duration.ofDays(days).plusHours(1))));
  }

  private URI at(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private HttpResponse<String> ask(String method, String path, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(at(path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return JSON.readTree(answer.body());
  }
}
