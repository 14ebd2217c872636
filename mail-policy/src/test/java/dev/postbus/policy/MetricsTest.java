package dev.postbus.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.postbus.policy.account.AccountCounters;
import dev.postbus.policy.account.Accounts;
import dev.postbus.policy.count.EnumCounter;
import dev.postbus.policy.expiry.Expiry;
import dev.postbus.policy.expiry.ExpiryCounters;
import dev.postbus.policy.expiry.QuotaWarnings;
import dev.postbus.policy.expiry.StorageReports;
import dev.postbus.policy.helper.OwnWork;
import dev.postbus.policy.metrics.AccountMetrics;
import dev.postbus.policy.metrics.DovecotMetrics;
import dev.postbus.policy.metrics.MailMetrics;
import dev.postbus.policy.metrics.MetricsListener;
import dev.postbus.policy.metrics.MetricsPage;
import dev.postbus.policy.metrics.ProcessMetrics;
import dev.postbus.policy.metrics.StorageMetrics;
import dev.postbus.policy.metrics.SupervisorMetrics;
import dev.postbus.policy.net.LineReader;
import dev.postbus.policy.net.Listener;
import dev.postbus.policy.push.Notifier;
import dev.postbus.policy.push.PushOutcome;
import dev.postbus.policy.settings.PolicySettings;
import dev.postbus.policy.smtp.FilterCounters;
import dev.postbus.policy.smtp.Filters;
import dev.postbus.testing.FreePort;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page with all metrics over HTTP, with real traffic before it. */
class MetricsTest {
  private static final String ALICE = "alice1234@relay.test";
  private static final String DOVECOT =
      """
      dovecot_imap_command_bucket{cmd_name="UID FETCH",le="0.001000"} 2
      dovecot_imap_command_bucket{cmd_name="UID FETCH",le="1.000000"} 5
      dovecot_imap_command_bucket{cmd_name="UID FETCH",le="+Inf"} 6
      dovecot_imap_command_sum{cmd_name="UID FETCH"} 3.500000
      dovecot_imap_command_count{cmd_name="UID FETCH"} 6
      dovecot_imap_command_count{cmd_name="alice1234@relay.test"} 6
      dovecot_other_total{user="alice1234@relay.test"} 6
      dovecot_delivery_total 12
      dovecot_delivery_failure_total 2
      dovecot_login_total 4
      dovecot_login_failure_total 1
      # EOF
      """;

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final int port = FreePort.any();
  private final int filterPort = FreePort.any();
  private Path file;
  private LiveSettings settings;
  private Accounts accounts;
  private StorageReports reports;
  private Listener filter;
  private Notifier notifier;
  private MetricsListener listener;
  private Control control;

  @BeforeEach
  void listen() throws Exception {
    file = folder.resolve("policy.json");
    write(new PolicySettings.Metrics("", 0, 0));
    settings = new LiveSettings(file);
    var clock = Clock.systemUTC();
    var accountCounters = new AccountCounters();
    var push = new EnumCounter<>(PushOutcome.class);
    var outgoing = new FilterCounters();
    var expiryCounters = new ExpiryCounters();
    accounts = new Accounts(settings, TestSettings.invites(folder), clock, accountCounters);
    reports = new StorageReports(settings, clock);
    filter = Filters.outgoing(settings, new OwnWork(name -> List.of()), outgoing);
    notifier =
        Notifier.start(() -> settings.get().notifications(), (address, token) -> {}, clock, push);
    var warnings = new QuotaWarnings(accounts, new Expiry(settings, clock, expiryCounters));
    var page =
        new MetricsPage(
            List.of(
                new MailMetrics(settings, outgoing, new FilterCounters()),
                new AccountMetrics(accountCounters, expiryCounters, warnings, notifier, push),
                new StorageMetrics(reports),
                new DovecotMetrics(settings),
                new SupervisorMetrics(settings),
                new ProcessMetrics()));
    listener = new MetricsListener(settings, page);
    control = new Control(port, settings, listener::follow, Map.of(MetricsPage.PATH, page));
  }

  @AfterEach
  void close() {
    control.close();
    listener.close();
    notifier.close();
    filter.close();
    client.close();
  }

  @Test
  void whatHappensIsSeenAndNobodyIsNamed() throws Exception {
    // Given nothing yet
    assertThat(metrics())
        .contains(
            "# TYPE postbus_new_accounts_total counter",
            "postbus_new_accounts_total{kind=\"other\"} 0.0",
            "postbus_filtered_messages_total{direction=\"incoming\",verdict=\"refused_cleartext\"} 0.0",
            "# TYPE postbus_push_waiting gauge",
            "postbus_quota_expiry_runs_total 0.0");

    // When somebody comes, another may not, and the first sends cleartext
    accounts.findOrCreate(ALICE, "correct horse");
    accounts.findOrCreate("ci-123456@relay.test", "correct horse");
    accounts.findOrCreate("bob123456@relay.test", "short");
    send("From: " + ALICE + "\r\n\r\nhello\r\n");
    notifier.newMail(ALICE, List.of("token@of.alice"));
    reports.count();

    // Then it is counted, and no address is in it
    var after = metrics();
    assertThat(after)
        .contains(
            "postbus_new_accounts_total{kind=\"other\"} 1.0",
            "postbus_new_accounts_total{kind=\"ci\"} 1.0",
            "postbus_refused_registrations_total{reason=\"password_length\"} 1.0",
            "postbus_filtered_messages_total{direction=\"outgoing\",verdict=\"refused_cleartext\"} 1.0",
            "postbus_push_waiting 1.0",
            "postbus_accounts{kind=\"other\"} 1.0",
            "postbus_active_accounts{days=\"1\"} 1.0",
            "# TYPE postbus_storage_report_timestamp_seconds gauge")
        .anyMatch(line -> line.startsWith("process_resident_memory_bytes "))
        .anyMatch(line -> line.startsWith("process_threads "))
        .anyMatch(line -> line.startsWith("process_open_fds "))
        .anyMatch(line -> line.startsWith("process_start_time_seconds "));
    assertThat(String.join("\n", after)).doesNotContain("@", "alice", "bob", "relay.test");
  }

  @Test
  void openMetricsIsToldToWhoAsksForIt() throws Exception {
    var answer = ask(port, "GET", "/metrics", "application/openmetrics-text;version=1.0.0");

    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/openmetrics-text");
    assertThat(answer.body()).endsWith("# EOF\n");
  }

  @Test
  void whatDovecotKnowsIsToldUnderNamesLikeTheOthers() throws Exception {
    var dovecot = serve("/metrics", DOVECOT);
    try {
      reload(new PolicySettings.Metrics("", dovecot.getAddress().getPort(), 0));

      var told = metrics();
      assertThat(told)
          .contains(
              "# TYPE postbus_imap_command_duration_seconds histogram",
              "postbus_imap_command_duration_seconds_bucket{command=\"UID FETCH\",le=\"0.001\"} 2",
              "postbus_imap_command_duration_seconds_bucket{command=\"UID FETCH\",le=\"1.0\"} 5",
              "postbus_imap_command_duration_seconds_bucket{command=\"UID FETCH\",le=\"+Inf\"} 6",
              "postbus_imap_command_duration_seconds_count{command=\"UID FETCH\"} 6",
              "postbus_imap_command_duration_seconds_sum{command=\"UID FETCH\"} 3.5",
              "postbus_delivered_messages_total 10.0",
              "postbus_failed_deliveries_total 2.0",
              "postbus_logins_total{result=\"success\"} 4.0",
              "postbus_logins_total{result=\"failure\"} 1.0",
              "postbus_dovecot_up 1.0");
      assertThat(String.join("\n", told)).doesNotContain("@");
    } finally {
      dovecot.stop(0);
    }
    assertThat(metrics()).contains("postbus_dovecot_up 0.0");
  }

  @Test
  void aPageOfDovecotThatDoesNotEndIsGivenUp() throws Exception {
    var dovecot = serve("/metrics", "dovecot_login_total 4\n".repeat(30_000));
    try {
      reload(new PolicySettings.Metrics("", dovecot.getAddress().getPort(), 0));

      assertThat(metrics())
          .contains("postbus_dovecot_up 0.0")
          .noneMatch(line -> line.startsWith("postbus_logins"));
    } finally {
      dovecot.stop(0);
    }
  }

  @Test
  void whatMailSupervisorKnowsIsToldToo() throws Exception {
    var supervisor =
        serve(
            "/mail/counters",
            """
            {"postfixTimeouts": 7, "certificateEnd": 1893456000, "daemons": [
              {"name": "postfix", "ready": true, "restarts": 2},
              {"name": "a@b", "ready": true, "restarts": 0}]}
            """);
    try {
      reload(new PolicySettings.Metrics("", 0, supervisor.getAddress().getPort()));

      var told = metrics();
      assertThat(told)
          .contains(
              "postbus_postfix_timeouts_total 7.0",
              "postbus_certificate_end_timestamp_seconds 1.893456E9",
              "postbus_daemon_ready{daemon=\"postfix\"} 1.0",
              "postbus_daemon_restarts_total{daemon=\"postfix\"} 2.0",
              "postbus_supervisor_up 1.0");
      assertThat(String.join("\n", told)).doesNotContain("@");
    } finally {
      supervisor.stop(0);
    }
    assertThat(metrics()).contains("postbus_supervisor_up 0.0");
  }

  @Test
  void anotherAddressTellsMetricsAndNothingElseWhileItIsConfigured() throws Exception {
    // When an address is configured while all runs
    reload(new PolicySettings.Metrics("127.0.0.7", 0, 0));

    // Then metrics are told there, and only they
    assertThat(elsewhere("GET", "/metrics").statusCode()).isEqualTo(200);
    assertThat(elsewhere("GET", "/health").statusCode()).isEqualTo(404);
    assertThat(elsewhere("POST", "/reload").statusCode()).isEqualTo(404);
    assertThat(elsewhere("GET", "/users").statusCode()).isEqualTo(404);
    assertThat(elsewhere("GET", "/metrics/x").statusCode()).isEqualTo(404);
    assertThat(elsewhere("POST", "/metrics").statusCode()).isEqualTo(405);

    // And no more when it is gone
    reload(new PolicySettings.Metrics("", 0, 0));
    try (var free = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.7"))) {
      assertThat(free.isBound()).isTrue();
    }
  }

  @Test
  void theWildcardAddressStandsForAllOthersAndLoopbackStaysAsItIs() throws Exception {
    var others =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(one -> one instanceof Inet4Address && !one.isLoopbackAddress())
            .filter(one -> !one.isLinkLocalAddress())
            .map(InetAddress::getHostAddress)
            .toList();

    reload(new PolicySettings.Metrics("0.0.0.0", 0, 0));

    for (var other : others) {
      assertThat(ask(other, port, "GET", "/metrics", "").statusCode()).isEqualTo(200);
      assertThat(ask(other, port, "GET", "/health", "").statusCode()).isEqualTo(404);
    }
    assertThat(ask(port, "GET", "/health", "text/plain").statusCode()).isEqualTo(200);
  }

  @Test
  void anAddressOfAnotherMachineStopsNothing() throws Exception {
    reload(new PolicySettings.Metrics("198.51.100.201", 0, 0));

    assertThat(metrics()).contains("postbus_push_waiting 0.0");
  }

  @Test
  void whatIsNoAddressIsRefused() throws Exception {
    var json = new ObjectMapper();
    var bad = (com.fasterxml.jackson.databind.node.ObjectNode) json.readTree(file.toFile());
    bad.withObject("metrics").put("address", "relay.test");
    json.writeValue(file.toFile(), bad);

    assertThat(ask(port, "POST", "/reload", "").statusCode()).isEqualTo(422);
  }

  private void write(PolicySettings.Metrics metrics) throws IOException {
    var some = TestSettings.in(folder, 1);
    var filters =
        TestSettings.with(
            some, some.limits(), new PolicySettings.Filter(filterPort, 1), some.incoming(), port);
    new ObjectMapper().writeValue(file.toFile(), TestSettings.with(filters, metrics, port));
  }

  private void reload(PolicySettings.Metrics metrics) throws Exception {
    write(metrics);
    assertThat(ask(port, "POST", "/reload", "").statusCode()).isEqualTo(200);
  }

  private void send(String message) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), filterPort)) {
      var in = new LineReader(socket.getInputStream(), 1000);
      in.line();
      for (var command :
          List.of("MAIL FROM:<" + ALICE + ">", "RCPT TO:<" + ALICE + ">", "DATA", message + ".")) {
        socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
        in.line();
      }
    }
  }

  private List<String> metrics() throws Exception {
    var answer = ask(port, "GET", "/metrics", "text/plain");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    return answer.body().lines().toList();
  }

  private HttpResponse<String> elsewhere(String method, String path) throws Exception {
    return ask("127.0.0.7", port, method, path, "");
  }

  private HttpResponse<String> ask(int at, String method, String path, String accept)
      throws Exception {
    return ask("127.0.0.1", at, method, path, accept);
  }

  private HttpResponse<String> ask(String host, int at, String method, String path, String accept)
      throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://" + host + ":" + at + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (!accept.isEmpty()) {
      request.header("Accept", accept);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpServer serve(String path, String text) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    HttpHandler handler =
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(text.getBytes(StandardCharsets.US_ASCII));
          }
        };
    server.createContext(path, handler);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return server;
  }
}
