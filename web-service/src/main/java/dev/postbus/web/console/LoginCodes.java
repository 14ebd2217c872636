package dev.postbus.web.console;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Codes that are good for one login. */
final class LoginCodes {
  /** So long one is good. */
  static final Duration LIFE = Duration.ofMinutes(5);

  private static final int MOST = 8;

  private final Clock clock;
  private final Map<String, Instant> ends = new LinkedHashMap<>();

  LoginCodes(Clock clock) {
    this.clock = clock;
  }

  synchronized String make() {
    removeOver();
    if (ends.size() >= MOST) {
      ends.remove(ends.keySet().iterator().next());
    }
    var code = Secrets.make();
    ends.put(code, clock.instant().plus(LIFE));
    return code;
  }

  /** Whether it was good; it is not any more. */
  synchronized boolean take(String code) {
    removeOver();
    return ends.remove(code) != null;
  }

  private void removeOver() {
    var now = clock.instant();
    ends.values().removeIf(end -> !now.isBefore(end));
  }
}
