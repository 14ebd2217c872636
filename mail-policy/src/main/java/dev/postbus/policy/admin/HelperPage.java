package dev.postbus.policy.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.postbus.policy.helper.Helpers;
import java.io.IOException;

/** {@code GET /helpers}: the helpers that are known, and what each has done. */
public final class HelperPage implements HttpHandler {
  /** Where it is. */
  public static final String PATH = "/helpers";

  private final ObjectMapper json = new ObjectMapper();
  private final Helpers helpers;

  /** A page about helpers. */
  public HelperPage(Helpers helpers) {
    this.helpers = helpers;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = json.writeValueAsBytes(helpers.views());
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
