package dev.postbus.web.console;

import dev.postbus.access.Attempts;
import dev.postbus.access.Bearers;
import dev.postbus.access.TokenFile;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets those in who show the token, or a code that somebody got who has shown it. Who guesses must
 * wait.
 */
final class Door {
  private static final Logger log = LoggerFactory.getLogger(Door.class);

  private final TokenFile token;
  private final Attempts attempts;
  private final Bearers bearers;
  private final LoginCodes codes;
  private final Sessions sessions;
  private final LongAdder refused = new LongAdder();

  Door(TokenFile token, Clock clock) {
    this.token = token;
    attempts = new Attempts(clock);
    bearers = new Bearers(token, attempts);
    codes = new LoginCodes(clock);
    sessions = new Sessions(clock);
  }

  Sessions sessions() {
    return sessions;
  }

  /** How often a wrong token or code was shown. */
  long refusals() {
    return refused.sum();
  }

  /** A code for a link; whoever gets it has shown the token. */
  String code() {
    return codes.make();
  }

  /** The HTTP status with which a request for a code is refused; 0 if it is not. */
  int refusal(InetAddress sender, @Nullable String authorization) {
    var refusal = bearers.refusal(sender, authorization);
    if (refusal == 401) {
      refused.increment();
    }
    return refusal;
  }

  /** What came of a login: a session, or the HTTP status and the reason why there is none. */
  record Entry(@Nullable Session session, int status, String reason) {}

  Entry enter(InetAddress sender, String shown) {
    if (attempts.blocked(sender)) {
      return new Entry(null, 429, "There were too many wrong ones: wait for a minute.");
    }
    try {
      if (codes.take(shown) || token.matches(shown)) {
        return new Entry(sessions.open(), 200, "");
      }
    } catch (IOException e) {
      log.error("nobody can log in to the console: {}", e.getMessage());
      return new Entry(null, 503, "There is no usable token: see the log of web-service.");
    }
    attempts.wrong(sender);
    refused.increment();
    log.warn("somebody at {} could not log in to the console", sender.getHostAddress());
    return new Entry(
        null,
        403,
        "That is neither the token nor a code that is still good. A code is good once, for five"
            + " minutes.");
  }
}
