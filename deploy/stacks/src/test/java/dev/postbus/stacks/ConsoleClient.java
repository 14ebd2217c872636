package dev.postbus.stacks;

import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Somebody who speaks HTTP with the console, and is no browser.
 *
 * @param port the console's
 * @param cookie what is sent as cookie; empty for none
 * @param from address of loopback to come from
 */
record ConsoleClient(int port, String cookie, String from) {
  private static final Duration LONG = Duration.ofSeconds(30);

  String origin() {
    return "http://127.0.0.1:" + port;
  }

  ConsoleClient with(String otherCookie) {
    return new ConsoleClient(port, otherCookie, from);
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(request(path).GET());
  }

  /** Sends a form from one of the console's own pages. */
  HttpResponse<String> post(String path, Map<String, String> form) throws Exception {
    return post(path, form, origin(), "same-origin");
  }

  HttpResponse<String> post(String path, Map<String, String> form, String origin, String site)
      throws Exception {
    var body =
        form.entrySet().stream()
            .map(one -> encoded(one.getKey()) + "=" + encoded(one.getValue()))
            .collect(Collectors.joining("&"));
    var request =
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (!origin.isEmpty()) {
      request.header("Origin", origin);
    }
    if (!site.isEmpty()) {
      request.header("Sec-Fetch-Site", site);
    }
    return send(request);
  }

  /** Logs in with a code or a token; the answer. */
  HttpResponse<String> logIn(String shown) throws Exception {
    return post("/login", Map.of("code", shown));
  }

  /** The cookie that an answer sets, as it is sent back. */
  static String cookie(HttpResponse<?> answer) {
    return answer.headers().firstValue("Set-Cookie").orElse("").replaceFirst(";.*", "");
  }

  /** The token in the forms of a page. */
  String formToken(String path) throws Exception {
    return get(path).body().replaceFirst("(?s).*?name=\"token\" value=\"([0-9a-f]+)\".*", "$1");
  }

  /** The first line of the answer to a request under another name. */
  String asHost(String host, String path) throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write(
              "GET /console%s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nConnection: close\r\n\r\n"
                  .formatted(path, host, cookie)
                  .getBytes(StandardCharsets.US_ASCII));
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.lines().findFirst().orElse("");
    }
  }

  private HttpRequest.Builder request(String path) {
    var request = HttpRequest.newBuilder(URI.create(origin() + "/console" + path)).timeout(LONG);
    return cookie.isEmpty() ? request : request.header("Cookie", cookie);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    try (var client = HttpClient.newBuilder().localAddress(InetAddress.ofLiteral(from)).build()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
