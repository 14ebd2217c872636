package dev.postbus.web.console;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request to the console, and ways to answer it.
 *
 * @param threads for what has to wait; the event loop must not
 */
record Exchange(RoutingContext context, Executor threads) {
  private static final Logger log = LoggerFactory.getLogger(Exchange.class);

  /** Where the console is. */
  static final String ROOT = "/console";

  private static final String LIVE_HEADER = "X-Console-Live";
  private static final int LARGEST_FORM = 16 * 1024;
  private static final String POLICY =
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  HttpServerRequest request() {
    return context.request();
  }

  HttpServerResponse response() {
    return context.response();
  }

  /** What is asked for, below {@link #ROOT} and without the slash. */
  String path() {
    var path = context.normalizedPath();
    return path == null || path.length() <= ROOT.length() ? "" : path.substring(ROOT.length() + 1);
  }

  boolean gets() {
    return HttpMethod.GET.equals(request().method());
  }

  boolean posts() {
    return HttpMethod.POST.equals(request().method());
  }

  /** Whether a page brings itself up to date, and nobody has done anything. */
  boolean live() {
    return request().getHeader(LIVE_HEADER) != null || path().equals("live");
  }

  /** What the client calls this host, in HTTP/1.1 or HTTP/2; empty if it says nothing. */
  String host() {
    var host = request().getHeader("Host");
    var authority = request().authority();
    if (host != null || authority == null) {
      return host == null ? "" : host;
    }
    return authority.port() < 0 ? authority.host() : authority.host() + ":" + authority.port();
  }

  InetAddress sender() {
    return InetAddress.ofLiteral(request().remoteAddress().hostAddress().replaceFirst("%.*", ""));
  }

  /** The value of a cookie; null if there is none. */
  @Nullable String cookie(String name) {
    var cookie = request().getCookie(name);
    return cookie == null ? null : cookie.getValue();
  }

  /**
   * What stands behind the question mark.
   *
   * @throws IllegalArgumentException if it is not well-formed
   */
  Fields query() {
    var query = request().query();
    return query == null ? new Fields(Map.of()) : Fields.of(query);
  }

  /** Reads a form, and has it taken on a thread that may wait. */
  void form(Consumer<Fields> taken) {
    var length = request().getHeader("Content-Length");
    var type = request().getHeader("Content-Type");
    if (type == null || !type.startsWith("application/x-www-form-urlencoded")) {
      plain(415, "Forms only.\n");
    } else if (length == null
        || !length.matches("\\d{1,9}")
        || Integer.parseInt(length) > LARGEST_FORM) {
      plain(413, "That is more than a form of the console holds.\n");
    } else {
      var whole = request().body();
      // Quarkus has it wait.
      request().resume();
      whole
          .onFailure(gone -> log.debug("a form did not come to its end", gone))
          .onSuccess(
              body ->
                  waiting(() -> taken.accept(Fields.of(body.toString(StandardCharsets.UTF_8)))));
    }
  }

  /** Does something on a thread that may wait, and answers in any case. */
  void waiting(Runnable task) {
    threads.execute(
        () -> {
          try {
            task.run();
          } catch (IllegalArgumentException e) {
            log.debug("a request is not well-formed", e);
            plain(400, "This is not well-formed.\n");
          } catch (RuntimeException e) {
            log.error("a request to the console could not be answered", e);
            plain(500, "Something is wrong: see the log of web-service.\n");
          }
        });
  }

  /** Says what a browser may do with the answer, whichever it will be. */
  void secure() {
    response()
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Referrer-Policy", "same-origin")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        .putHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        .putHeader("Cache-Control", "no-store");
  }

  void html(int status, String text) {
    end(status, "text/html;charset=utf-8", Buffer.buffer(text));
  }

  void plain(int status, String text) {
    end(status, "text/plain;charset=utf-8", Buffer.buffer(text));
  }

  /** One of the console's own files. */
  void file(String name, String type) {
    end(200, type, Buffer.buffer(Pages.file(name).orElseThrow()));
  }

  /** Leads to another page of the console. */
  void redirect(String to) {
    response().putHeader("Location", ROOT + to);
    end(303, "text/plain;charset=utf-8", Buffer.buffer());
  }

  private void end(int status, String type, Buffer body) {
    if (!response().closed() && !response().ended()) {
      response().setStatusCode(status).putHeader("Content-Type", type).end(body);
    }
  }
}
