package dev.postbus.web.console;

import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;

/**
 * Everything below {@code /console}: who may come in, and where what is. The event loop only reads
 * requests; what they ask for is done on virtual threads, as it waits for other services, which may
 * be in this very process.
 */
@ApplicationScoped
class ConsoleRoutes {
  private final Console console;
  private final Vertx vertx;
  private final LoginPage login;
  private final SessionPages pages;
  private final LivePages live;

  ConsoleRoutes(Console console, Vertx vertx) {
    this.console = console;
    this.vertx = vertx;
    login = new LoginPage(console);
    pages = new SessionPages(console);
    live = new LivePages(console.live(), console.door().sessions(), vertx);
  }

  void lay(@Observes Router router) throws IOException {
    // Before anybody can ask for it.
    console.prepare();
    router.route(Exchange.ROOT).handler(this::answer);
    router.route(Exchange.ROOT + "/*").handler(this::answer);
    vertx.setPeriodic(
        LivePages.BEAT_MILLIS, beat -> console.threads().execute(console.live()::follow));
  }

  void stop(@Observes ShutdownEvent event) {
    console.close();
  }

  private void answer(RoutingContext context) {
    var exchange = new Exchange(context, console.threads());
    exchange.secure();
    if (!exchange.gets() && !exchange.posts()) {
      exchange.plain(405, "Only GET and POST.\n");
    } else if (exchange.path().equals("code")) {
      // Whoever shows the token is no browser that somebody else leads.
      login.code(exchange);
    } else if (meant(exchange)) {
      admitted(exchange);
    }
  }

  /** Whether a request was meant for the console by whoever sent it; otherwise it is answered. */
  private boolean meant(Exchange exchange) {
    var request = exchange.request();
    var origins = console.origins();
    if (!origins.meant(exchange.host())) {
      exchange.plain(
          421,
          "The console answers to names of loopback, such as localhost, and to the one in"
              + " POSTBUS_CONSOLE_ORIGIN.\n");
      return false;
    }
    if (!origins.fromHere(
        request.method().name(),
        exchange.host(),
        request.getHeader("Origin"),
        request.getHeader("Sec-Fetch-Site"))) {
      exchange.plain(403, "This request does not come from a page of the console.\n");
      return false;
    }
    return true;
  }

  private void admitted(Exchange exchange) {
    switch (exchange.path()) {
      case "style.css" -> exchange.file("style.css", "text/css;charset=utf-8");
      case "console.js" -> exchange.file("console.js", "text/javascript;charset=utf-8");
      case "icon.svg" -> exchange.file("icon.svg", "image/svg+xml");
      case "login" -> login.answer(exchange);
      default ->
          login
              .session(exchange)
              .ifPresentOrElse(session -> inside(exchange, session), () -> login.wanted(exchange));
    }
  }

  private void inside(Exchange exchange, Session session) {
    if (exchange.path().equals("live")) {
      live.open(exchange, session);
    } else if (exchange.path().equals("logout") && exchange.posts()) {
      exchange.form(
          form -> pages.owned(exchange, session, form, () -> login.leave(exchange, session)));
    } else if (exchange.posts()) {
      exchange.form(form -> pages.act(exchange, session, form));
    } else {
      pages.show(exchange, session);
    }
  }
}
