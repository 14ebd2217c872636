package dev.postbus.web.console;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * From where a browser may use the console: this machine by a name of loopback, and what an
 * operator has put before it, if anything. Another name that leads here is somebody's trick (DNS
 * rebinding).
 *
 * @param own scheme and authority of what is before it, as a browser says them
 */
record Origins(Optional<String> own) {
  private static final String LOOPBACK = "(localhost|127(\\.\\d{1,3}){3}|\\[::1\\])(:\\d{1,5})?";
  private static final Set<String> CHANGING = Set.of("POST", "PUT", "PATCH", "DELETE");

  /**
   * Checks.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Origins of(Optional<String> own) {
    var said =
        own.map(text -> text.strip().toLowerCase(Locale.ROOT)).filter(text -> !text.isEmpty());
    said.ifPresent(
        text -> {
          if (!text.matches("https?://([a-z0-9._-]+|\\[[0-9a-f:]+\\])(:\\d{1,5})?")) {
            throw new IllegalArgumentException(
                "POSTBUS_CONSOLE_ORIGIN must be as https://console.example.org, without a path, not '"
                    + text
                    + "'");
          }
        });
    return new Origins(said);
  }

  /** Whether a request says that it is for the console. */
  boolean meant(String host) {
    return loopback(host) || isOwn(host);
  }

  private static boolean loopback(String host) {
    return host.toLowerCase(Locale.ROOT).matches(LOOPBACK);
  }

  private boolean isOwn(String host) {
    return own.map(URI::create)
        .map(URI::getRawAuthority)
        .filter(host::equalsIgnoreCase)
        .isPresent();
  }

  /** Whether what comes by this name has come by TLS, to what is before the console. */
  boolean encrypted(String host) {
    return isOwn(host) && own.filter(text -> text.startsWith("https:")).isPresent();
  }

  /**
   * Whether a request that may change something comes from one of the console's own pages.
   *
   * @param origin what the browser says (RFC 6454, section 7)
   * @param site what it says of the page (Fetch Metadata); null from older ones
   */
  boolean fromHere(String method, String host, @Nullable String origin, @Nullable String site) {
    if (!CHANGING.contains(method)) {
      return true;
    }
    if (origin == null || (site != null && !site.equals("same-origin"))) {
      return false;
    }
    var here = isOwn(host) ? own.orElseThrow() : "http://" + host.toLowerCase(Locale.ROOT);
    return origin.equalsIgnoreCase(here);
  }
}
