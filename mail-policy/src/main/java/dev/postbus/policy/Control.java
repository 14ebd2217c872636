package dev.postbus.policy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.postbus.policy.settings.BadSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executors;

/** Health, reload, and what other parts bring along, over HTTP on loopback. */
final class Control implements AutoCloseable {
  private final HttpServer server;
  private final LiveSettings settings;
  private final Runnable reloaded;

  /**
   * Listens.
   *
   * @param reloaded what has to be done when the settings have been read again
   */
  Control(int port, LiveSettings settings, Runnable reloaded, Map<String, HttpHandler> more)
      throws IOException {
    this.settings = settings;
    this.reloaded = reloaded;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/health", exchange -> reply(exchange, 200, "ready\n"));
    server.createContext("/reload", this::reload);
    more.forEach(server::createContext);
    server.start();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void reload(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestMethod().equals("POST")) {
      reply(exchange, 405, "POST only\n");
      return;
    }
    try {
      settings.reload();
      reloaded.run();
      reply(exchange, 200, "reloaded\n");
    } catch (BadSettings e) {
      reply(exchange, 422, e.getMessage() + "\n");
    }
  }

  private static void reply(HttpExchange exchange, int status, String text) throws IOException {
    try (exchange) {
      var body = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
