package dev.postbus.config.remote;

import java.io.IOException;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may pass to what. */
final class Gate {
  private static final Logger log = LoggerFactory.getLogger(Gate.class);

  // Other services may be in this process, behind the same router.
  private static final Pattern PATH = Pattern.compile("/config(?:/[a-z0-9]+)*(?:\\.yaml)?");
  private static final String SCHEME = "Bearer ";

  private final TokenFile token;
  private final Attempts attempts;

  Gate(TokenFile token, Attempts attempts) {
    this.token = token;
    this.attempts = attempts;
  }

  /** The status with which a request is refused, 0 if it may pass. */
  int refusal(InetAddress sender, @Nullable String path, @Nullable String authorization) {
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
    return path != null && PATH.matcher(path).matches() ? 0 : 404;
  }
}
