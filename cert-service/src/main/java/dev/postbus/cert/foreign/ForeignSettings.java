package dev.postbus.cert.foreign;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * What the environment says about a foreign manager.
 *
 * @param folder where it keeps the pair, absolute: a folder, or Traefik's {@code acme.json}; empty
 *     if there is none
 * @param poll how often to look without having been told of a change, 1 s to a day
 */
public record ForeignSettings(Optional<Path> folder, Duration poll) {
  private static final String DEFAULT_FOLDER = "/var/lib/acme/live/";
  private static final Duration DEFAULT_POLL = Duration.ofSeconds(60);

  /**
   * Reads the variables.
   *
   * @param use {@code USE_FOREIGN_CERT_MANAGER}
   * @param folder {@code PATH_TO_SSL}
   * @param pollSeconds {@code CERTS_MONITORING_TIMEOUT}
   * @throws IllegalArgumentException with what is allowed
   */
  public static ForeignSettings of(
      Optional<String> use, Optional<String> folder, Optional<String> pollSeconds, String domain) {
    return new ForeignSettings(
        truth(use)
            ? Optional.of(absolute(folder.orElse(DEFAULT_FOLDER + domain)))
            : Optional.empty(),
        pollSeconds.map(ForeignSettings::seconds).orElse(DEFAULT_POLL));
  }

  private static boolean truth(Optional<String> use) {
    return switch (use.orElse("").strip().toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on", "1" -> true;
      case "", "false", "no", "off", "0" -> false;
      default ->
          throw new IllegalArgumentException(
              "USE_FOREIGN_CERT_MANAGER must be true or false, not '" + use.orElse("") + "'");
    };
  }

  private static Path absolute(String text) {
    var path = Path.of(text.strip());
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException(
          "PATH_TO_SSL must be the absolute path of a folder or of Traefik's acme.json, not '"
              + text
              + "'");
    }
    return path.normalize();
  }

  private static Duration seconds(String text) {
    if (!text.strip().matches("\\d{1,5}")
        || Integer.parseInt(text.strip()) < 1
        || Integer.parseInt(text.strip()) > 86_400) {
      throw new IllegalArgumentException(
          "CERTS_MONITORING_TIMEOUT must be from 1 to 86400 seconds, not '" + text + "'");
    }
    return Duration.ofSeconds(Integer.parseInt(text.strip()));
  }
}
