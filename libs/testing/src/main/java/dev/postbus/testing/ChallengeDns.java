package dev.postbus.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * pebble-challtestsrv, from Debian's package: a DNS server that answers every name with 127.0.0.1,
 * and with what it is told beside.
 */
public final class ChallengeDns implements AutoCloseable {
  private final TestDaemon daemon;
  private final int port;
  private final int management;

  private ChallengeDns(TestDaemon daemon, int port, int management) {
    this.daemon = daemon;
    this.port = port;
    this.management = management;
  }

  /** Starts one on free ports; its log is in the folder. */
  public static ChallengeDns start(Path folder) throws IOException, InterruptedException {
    var port = FreePort.any();
    var management = FreePort.any();
    var daemon =
        TestDaemon.start(
            List.of(
                "/usr/bin/pebble-challtestsrv",
                "-defaultIPv6",
                "",
                "-dns01",
                "127.0.0.1:" + port,
                "-management",
                "127.0.0.1:" + management,
                "-http01",
                "",
                "-https01",
                "",
                "-tlsalpn01",
                ""),
            Map.of(),
            folder.resolve("challtestsrv.log"),
            management);
    return new ChallengeDns(daemon, port, management);
  }

  /** Where it answers on loopback, by UDP and TCP. */
  public int port() {
    return port;
  }

  /** Where it is told over HTTP what to answer. */
  public int managementPort() {
    return management;
  }

  /** Lets one authority alone issue for a name, by a CAA record. */
  public void allowOnly(String name, String authority) throws IOException, InterruptedException {
    tell(
        "add-caa",
        "{\"host\":\"%s.\",\"policies\":[{\"tag\":\"issue\",\"value\":\"%s\"}]}"
            .formatted(name, authority));
  }

  /** Answers with an error when it is asked for a name. */
  public void fail(String name) throws IOException, InterruptedException {
    tell("set-servfail", "{\"host\":\"%s.\"}".formatted(name));
  }

  private void tell(String what, String body) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management + "/" + what))
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      var response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException("challtestsrv answers " + response.statusCode());
      }
    }
  }

  @Override
  public void close() {
    daemon.close();
  }
}
