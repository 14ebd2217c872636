package dev.postbus.access;

import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells who brings the token (RFC 6750, section 2.1); who guesses must wait. */
public final class Bearers {
  private static final Logger log = LoggerFactory.getLogger(Bearers.class);
  static final String SCHEME = "Bearer ";

  private final TokenFile token;
  private final Attempts attempts;

  /**
   * Those who have a token.
   *
   * @param attempts counts the wrong ones
   */
  public Bearers(TokenFile token, Attempts attempts) {
    this.token = token;
    this.attempts = attempts;
  }

  /** Who sends a request, without the interface of an address that has one. */
  public static InetAddress sender(HttpServerRequest request) {
    return InetAddress.ofLiteral(request.remoteAddress().hostAddress().replaceFirst("%.*", ""));
  }

  /** Refuses a request with a status, without waiting for what it still holds. */
  public static void refuse(HttpServerRequest request, int status) {
    var response = request.response().setStatusCode(status);
    if (status == 401) {
      response.putHeader("WWW-Authenticate", "Bearer");
    } else if (status == 429) {
      response.putHeader("Retry-After", Long.toString(Attempts.WINDOW.toSeconds()));
    }
    response.putHeader("Connection", "close").end();
  }

  /** The HTTP status with which a request is refused: 401, 429 or 503; 0 if it may pass. */
  public int refusal(InetAddress sender, @Nullable String authorization) {
    if (attempts.blocked(sender)) {
      return 429;
    }
    if (authorization == null || !authorization.startsWith(SCHEME)) {
      return 401;
    }
    try {
      if (token.matches(authorization.substring(SCHEME.length()).strip())) {
        return 0;
      }
      attempts.wrong(sender);
      log.warn("a wrong token came from {}", sender.getHostAddress());
      return 401;
    } catch (IOException e) {
      log.error("nobody may use the interface from outside: {}", e.getMessage());
      return 503;
    }
  }
}
