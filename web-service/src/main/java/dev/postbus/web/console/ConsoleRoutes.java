package dev.postbus.web.console;

import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything below {@code /console}: who may come in, and where what is. The event loop only reads
 * requests; what they ask for is done on virtual threads, as it waits for other services, which may
 * be in this very process.
 */
@ApplicationScoped
class ConsoleRoutes {
  private static final Logger log = LoggerFactory.getLogger(ConsoleRoutes.class);

  static final String ROOT = "/console";
  private static final String SESSION = "postbus.console.session";
  private static final Set<String> OPEN = Set.of("login", "style.css", "console.js", "icon.svg");
  private static final String LIVE_HEADER = "X-Console-Live";
  private static final String SEE_STATUS = "; see: ./postbus status";
  private static final int LARGEST_FORM = 16 * 1024;
  private static final long BEAT_MILLIS = 15_000;
  private static final String POLICY =
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private final Console console;
  private final Vertx vertx;

  ConsoleRoutes(Console console, Vertx vertx) {
    this.console = console;
    this.vertx = vertx;
  }

  void lay(@Observes Router router) throws IOException {
    // Before anybody can ask for it.
    console.prepare();
    router.route(ROOT).handler(this::guard);
    router.route(ROOT + "/*").handler(this::guard);
    // What the guard lets through comes here, and nowhere else.
    router.route(ROOT).handler(this::answer);
    router.route(ROOT + "/*").handler(this::answer);
    vertx.setPeriodic(BEAT_MILLIS, beat -> console.threads().execute(console.live()::follow));
  }

  void stop(@Observes ShutdownEvent event) {
    console.close();
  }

  private static void secure(RoutingContext context) {
    context
        .response()
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Referrer-Policy", "same-origin")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        .putHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        .putHeader("Cache-Control", "no-store");
  }

  private static String path(RoutingContext context) {
    var path = context.normalizedPath();
    return path == null || path.length() <= ROOT.length() ? "" : path.substring(ROOT.length() + 1);
  }

  private void guard(RoutingContext context) {
    secure(context);
    var request = context.request();
    var path = path(context);
    // Whoever shows the token is no browser that somebody else leads.
    if (path.equals("code")) {
      context.next();
      return;
    }
    var host = host(request);
    if (!console.origins().meant(host)) {
      plain(
          context,
          421,
          "The console answers to names of loopback, such as localhost, and to the one in"
              + " POSTBUS_CONSOLE_ORIGIN.\n");
      return;
    }
    if (!console
        .origins()
        .fromHere(
            request.method().name(),
            host,
            request.getHeader("Origin"),
            request.getHeader("Sec-Fetch-Site"))) {
      plain(context, 403, "This request does not come from a page of the console.\n");
      return;
    }
    var live = request.getHeader(LIVE_HEADER) != null || path.equals("live");
    var cookie = request.getCookie(console.cookie());
    var session = console.door().sessions().find(cookie == null ? null : cookie.getValue(), !live);
    if (session.isPresent()) {
      context.put(SESSION, session.get());
    } else if (!OPEN.contains(path)) {
      if (live || !HttpMethod.GET.equals(request.method())) {
        plain(context, 401, "The session is over: log in again.\n");
      } else {
        redirect(context, "/login");
      }
      return;
    }
    context.next();
  }

  private void answer(RoutingContext context) {
    var request = context.request();
    var path = path(context);
    var session = Optional.ofNullable(context.<@Nullable Session>get(SESSION));
    if (HttpMethod.GET.equals(request.method())) {
      switch (path) {
        case "style.css" -> file(context, path, "text/css;charset=utf-8");
        case "console.js" -> file(context, path, "text/javascript;charset=utf-8");
        case "icon.svg" -> file(context, path, "image/svg+xml");
        case "login" -> login(context, 200, new Fields(Map.of()), "");
        case "live" -> session.ifPresent(one -> live(context, one));
        default ->
            session.ifPresent(one -> show(context, one, () -> console.view(path, query(request))));
      }
    } else if (HttpMethod.POST.equals(request.method())) {
      switch (path) {
        case "code" -> code(context);
        case "login" -> withForm(context, form -> logIn(context, form));
        default -> session.ifPresent(one -> withForm(context, form -> act(context, one, form)));
      }
    } else {
      plain(context, 405, "Only GET and POST.\n");
    }
  }

  /** What the client calls this host, in HTTP/1.1 or HTTP/2; empty if it says nothing. */
  private static String host(HttpServerRequest request) {
    var host = request.getHeader("Host");
    var authority = request.authority();
    if (host != null || authority == null) {
      return host == null ? "" : host;
    }
    return authority.port() < 0 ? authority.host() : authority.host() + ":" + authority.port();
  }

  private static Fields query(HttpServerRequest request) {
    var query = request.query();
    return query == null ? new Fields(Map.of()) : Fields.of(query);
  }

  private interface Shown {
    View view() throws ServiceAway;
  }

  private void show(RoutingContext context, Session session, Shown shown) {
    waiting(
        context,
        () -> {
          try {
            page(context, session, shown.view());
          } catch (ServiceAway e) {
            page(context, session, View.problem(503, "Not now", e.getMessage() + SEE_STATUS));
          } catch (KafkaException e) {
            log.debug("a page cannot be shown", e);
            page(
                context,
                session,
                View.problem(503, "Not now", "the bus does not answer" + SEE_STATUS));
          }
        });
  }

  /** Does something on a thread that may wait, and answers in any case. */
  private void waiting(RoutingContext context, Runnable task) {
    console
        .threads()
        .execute(
            () -> {
              try {
                task.run();
              } catch (IllegalArgumentException e) {
                log.debug("a request is not well-formed", e);
                plain(context, 400, "This is not well-formed.\n");
              } catch (RuntimeException e) {
                log.error("a request to the console could not be answered", e);
                plain(context, 500, "Something is wrong: see the log of web-service.\n");
              }
            });
  }

  private void page(RoutingContext context, Session session, View view) {
    var data = new HashMap<>(view.data());
    data.put("title", view.title());
    data.put("domain", console.domain());
    data.put("formToken", session.formToken());
    data.put("places", Place.all(path(context)));
    // A page that brings itself up to date must not take the word from the next one.
    var live = context.request().getHeader(LIVE_HEADER) != null;
    var notice = live ? null : session.notice().getAndSet(null);
    data.put("notices", notice == null ? List.of() : List.of(notice));
    html(context, view.status(), console.pages().render(view.template(), data));
  }

  private void act(RoutingContext context, Session session, Fields form) {
    if (!session.owns(form.get("token"))) {
      plain(
          context,
          403,
          "This form is not one of your session's: go back and load the page anew.\n");
      return;
    }
    var path = path(context);
    if (path.equals("logout")) {
      console.door().sessions().close(session);
      context.response().addCookie(cookie(context, "").setMaxAge(0));
      redirect(context, "/login");
      return;
    }
    Console.Outcome outcome;
    try {
      outcome = console.act(path, form);
    } catch (ServiceAway e) {
      var notice =
          Notice.refused("It is not known whether this was done.", List.of("" + e.getMessage()));
      outcome = Console.Outcome.next(notice, "");
    }
    if (outcome.shown() != null) {
      page(context, session, outcome.shown());
      return;
    }
    session.notice().set(outcome.notice());
    redirect(context, outcome.next());
  }

  private interface Taken {
    void take(Fields form);
  }

  /** Reads a form, and has it taken on a thread that may wait. */
  private void withForm(RoutingContext context, Taken taken) {
    var request = context.request();
    var length = request.getHeader("Content-Length");
    var type = request.getHeader("Content-Type");
    if (type == null || !type.startsWith("application/x-www-form-urlencoded")) {
      plain(context, 415, "Forms only.\n");
    } else if (length == null
        || !length.matches("\\d{1,9}")
        || Integer.parseInt(length) > LARGEST_FORM) {
      plain(context, 413, "That is more than a form of the console holds.\n");
    } else {
      var whole = request.body();
      // Quarkus has it wait.
      request.resume();
      whole
          .onFailure(gone -> log.debug("a form did not come to its end", gone))
          .onSuccess(
              body ->
                  waiting(
                      context, () -> taken.take(Fields.of(body.toString(StandardCharsets.UTF_8)))));
    }
  }

  private static InetAddress sender(RoutingContext context) {
    return InetAddress.ofLiteral(
        context.request().remoteAddress().hostAddress().replaceFirst("%.*", ""));
  }

  private void code(RoutingContext context) {
    var refusal =
        console.door().refusal(sender(context), context.request().getHeader("Authorization"));
    if (refusal != 0) {
      if (refusal == 401) {
        context.response().putHeader("WWW-Authenticate", "Bearer");
      }
      plain(context, refusal, "The token is wanted.\n");
      return;
    }
    plain(context, 200, console.door().code() + "\n");
  }

  private void login(RoutingContext context, int status, Fields fields, String problem) {
    waiting(
        context,
        () -> {
          // After a wrong one, the form is empty.
          var code = fields.get("code").isEmpty() ? query(context.request()).get("code") : "";
          var data =
              Map.<String, Object>of("code", code, "problem", problem, "domain", console.domain());
          html(context, status, console.pages().render("login", data));
        });
  }

  private void logIn(RoutingContext context, Fields form) {
    var entry = console.door().enter(sender(context), form.get("code"));
    var session = entry.session();
    if (session == null) {
      if (entry.status() == 429) {
        context.response().putHeader("Retry-After", "60");
      }
      login(context, entry.status(), form, entry.reason());
      return;
    }
    // What the browser brought, if anything, is no session any more.
    var before = context.request().getCookie(console.cookie());
    console
        .door()
        .sessions()
        .find(before == null ? null : before.getValue(), false)
        .ifPresent(console.door().sessions()::close);
    context.response().addCookie(cookie(context, session.id()));
    redirect(context, "");
  }

  private Cookie cookie(RoutingContext context, String value) {
    return Cookie.cookie(console.cookie(), value)
        .setPath(ROOT)
        .setHttpOnly(true)
        .setSameSite(CookieSameSite.STRICT)
        .setSecure(console.origins().encrypted(host(context.request())));
  }

  private void live(RoutingContext context, Session session) {
    var response = context.response();
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream;charset=utf-8")
        .write("retry: 3000\n\n");
    var beat = vertx.setPeriodic(BEAT_MILLIS, id -> say(context, session, ": beat\n\n"));
    response.closeHandler(
        closed -> {
          vertx.cancelTimer(beat);
          console.live().remove(response);
        });
    if (!console.live().add(response, () -> say(context, session, "data: new\n\n"))) {
      vertx.cancelTimer(beat);
      response.end();
    }
  }

  /** Says something to a page while its session lasts; whether it did. */
  private boolean say(RoutingContext context, Session session, String text) {
    var response = context.response();
    if (response.closed() || response.ended()) {
      return false;
    }
    if (console.door().sessions().find(session.id(), false).isEmpty()) {
      response.end("event: end\ndata: end\n\n");
      return false;
    }
    // Who does not read is told again with the next one.
    if (!response.writeQueueFull()) {
      response.write(text);
    }
    return true;
  }

  private static void file(RoutingContext context, String name, String type) {
    context
        .response()
        .putHeader("Content-Type", type)
        .end(Buffer.buffer(Pages.file(name).orElseThrow()));
  }

  private static boolean open(RoutingContext context) {
    return !context.response().closed() && !context.response().ended();
  }

  private static void html(RoutingContext context, int status, String text) {
    if (open(context)) {
      context
          .response()
          .setStatusCode(status)
          .putHeader("Content-Type", "text/html;charset=utf-8")
          .end(text);
    }
  }

  private static void plain(RoutingContext context, int status, String text) {
    if (open(context)) {
      context
          .response()
          .setStatusCode(status)
          .putHeader("Content-Type", "text/plain;charset=utf-8")
          .end(text);
    }
  }

  private static void redirect(RoutingContext context, String to) {
    context.response().setStatusCode(303).putHeader("Location", ROOT + to).end();
  }
}
