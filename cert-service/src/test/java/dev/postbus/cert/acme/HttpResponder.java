package dev.postbus.cert.acme;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Stands in for nginx, which has tests of its own: answers on a port what the tokens say. */
final class HttpResponder implements AutoCloseable {
  private final HttpServer server;
  private volatile boolean lies;

  private HttpResponder(HttpServer server) {
    this.server = server;
  }

  /** Answers something else from now on, as another machine would. */
  void lie() {
    lies = true;
  }

  /** Answers as it should again. */
  void tellTheTruth() {
    lies = false;
  }

  static HttpResponder start(int port, HttpTokens tokens) throws IOException {
    var server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
    var responder = new HttpResponder(server);
    server.createContext(
        HttpTokens.PATH,
        exchange -> {
          try (exchange) {
            var path = exchange.getRequestURI().getPath();
            var answer = tokens.answer(path.substring(HttpTokens.PATH.length()));
            var bytes =
                (responder.lies ? "welcome" : answer.orElse("none"))
                    .getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(answer.isPresent() ? 200 : 404, bytes.length);
            exchange.getResponseBody().write(bytes);
          }
        });
    server.start();
    return responder;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
