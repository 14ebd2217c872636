package dev.postbus.config.remote;

import dev.postbus.access.Bearers;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may pass to what.
 *
 * @param bearers those who have the token
 */
record Gate(Bearers bearers) {
  // Other services may be in this process, behind the same router.
  private static final Pattern PATH = Pattern.compile("/config(?:/[a-z0-9]+)*(?:\\.yaml)?");

  /** The status with which a request is refused, 0 if it may pass. */
  int refusal(InetAddress sender, @Nullable String path, @Nullable String authorization) {
    var refusal = bearers.refusal(sender, authorization);
    if (refusal != 0) {
      return refusal;
    }
    return path != null && PATH.matcher(path).matches() ? 0 : 404;
  }
}
