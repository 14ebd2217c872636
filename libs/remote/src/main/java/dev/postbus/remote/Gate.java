package dev.postbus.remote;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may pass to what. */
final class Gate {
  private static final Logger log = LoggerFactory.getLogger(Gate.class);

  /**
   * What an authority, and so anybody, may see (RFC 8555, section 8.3): web-service's nginx passes
   * it on.
   */
  private static final Pattern CHALLENGE =
      Pattern.compile("/\\.well-known/acme-challenge/[A-Za-z0-9_-]+");

  private static final Pattern PLAIN = Pattern.compile("/[A-Za-z0-9@_+./-]+");
  private static final String SCHEME = "Bearer ";

  private final TokenFile token;
  private final Attempts attempts;
  private final Set<String> interfaces;

  /**
   * A gate.
   *
   * @param interfaces the first parts of the paths that may be reached, such as {@code config};
   *     services that share a process are behind the same router
   */
  Gate(TokenFile token, Attempts attempts, Collection<String> interfaces) {
    this.token = token;
    this.attempts = attempts;
    this.interfaces = Set.copyOf(interfaces);
  }

  /** The status with which a request is refused, 0 if it may pass. */
  int refusal(
      InetAddress sender, String method, @Nullable String path, @Nullable String authorization) {
    if (path != null && method.equals("GET") && CHALLENGE.matcher(path).matches()) {
      return 0;
    }
    if (attempts.blocked(sender)) {
      return 429;
    }
    if (authorization == null || !authorization.startsWith(SCHEME)) {
      return 401;
    }
    try {
      if (!token.matches(authorization.substring(SCHEME.length()).strip())) {
        attempts.wrong(sender);
        log.warn("a wrong token came from {}", sender.getHostAddress());
        return 401;
      }
    } catch (IOException e) {
      log.error("nobody may use the interface from outside: {}", e.getMessage());
      return 503;
    }
    return path != null && reachable(path) ? 0 : 404;
  }

  /**
   * Nothing may lead elsewhere: no dots in a row, and nothing encoded but what is in an address.
   */
  private boolean reachable(String path) {
    var plain = path.replace("%40", "@");
    return PLAIN.matcher(plain).matches()
        && !plain.contains("..")
        && !plain.contains("//")
        && interfaces.contains(plain.split("/", 3)[1]);
  }
}
