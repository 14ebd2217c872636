package dev.postbus.mail;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where devices are woken up.
 *
 * @param url of the notification server, {@code https}
 * @param trust PEM certificates that it may be signed by beside the JDK's roots
 */
record NotificationSettings(URI url, Optional<Path> trust) {
  static final String STANDARD = "https://notifications.delta.chat/notify";

  NotificationSettings {
    if (!"https".equals(url.getScheme()) || url.getHost() == null) {
      throw new IllegalArgumentException(
          "POSTBUS_NOTIFICATION_URL must be an https URL such as %s, not %s"
              .formatted(STANDARD, url));
    }
    trust = trust.map(Path::toAbsolutePath);
  }
}
