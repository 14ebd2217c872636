package dev.postbus.web.console;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import java.util.Map;
import java.util.Optional;

/** How browsers come in and leave. */
final class LoginPage {
  private final Console console;
  private final Sessions sessions;

  LoginPage(Console console) {
    this.console = console;
    sessions = console.door().sessions();
  }

  /** A code for the command that shows the token. */
  void code(Exchange exchange) {
    if (!exchange.posts()) {
      exchange.plain(405, "Only POST.\n");
      return;
    }
    var refusal =
        console.door().refusal(exchange.sender(), exchange.request().getHeader("Authorization"));
    if (refusal == 0) {
      exchange.plain(200, console.door().code() + "\n");
      return;
    }
    if (refusal == 401) {
      exchange.response().putHeader("WWW-Authenticate", "Bearer");
    }
    exchange.plain(refusal, "The token is wanted.\n");
  }

  /** The session of a request's cookie. */
  Optional<Session> session(Exchange exchange) {
    return sessions.find(exchange.cookie(console.cookie()), !exchange.live());
  }

  /** Answers whoever has no session. */
  void wanted(Exchange exchange) {
    if (exchange.live() || exchange.posts()) {
      exchange.plain(401, "The session is over: log in again.\n");
    } else {
      exchange.redirect("/login");
    }
  }

  /** Shows the form, or takes it. */
  void answer(Exchange exchange) {
    if (exchange.posts()) {
      exchange.form(form -> enter(exchange, form));
    } else {
      exchange.waiting(() -> show(exchange, 200, exchange.query().get("code"), ""));
    }
  }

  private void show(Exchange exchange, int status, String code, String problem) {
    var data = Map.<String, Object>of("code", code, "problem", problem, "domain", console.domain());
    exchange.html(status, console.pages().render("login", data));
  }

  private void enter(Exchange exchange, Fields form) {
    var entry = console.door().enter(exchange.sender(), form.get("code"));
    var session = entry.session();
    if (session == null) {
      if (entry.status() == 429) {
        exchange.response().putHeader("Retry-After", "60");
      }
      show(exchange, entry.status(), "", entry.reason());
      return;
    }
    // What the browser brought, if anything, is no session any more.
    sessions.find(exchange.cookie(console.cookie()), false).ifPresent(sessions::close);
    exchange.response().addCookie(cookie(exchange, session.id()));
    exchange.redirect("");
  }

  /** Ends a session. */
  void leave(Exchange exchange, Session session) {
    sessions.close(session);
    exchange.response().addCookie(cookie(exchange, "").setMaxAge(0));
    exchange.redirect("/login");
  }

  private Cookie cookie(Exchange exchange, String value) {
    return Cookie.cookie(console.cookie(), value)
        .setPath(Exchange.ROOT)
        .setHttpOnly(true)
        .setSameSite(CookieSameSite.STRICT)
        .setSecure(console.origins().encrypted(exchange.host()));
  }
}
