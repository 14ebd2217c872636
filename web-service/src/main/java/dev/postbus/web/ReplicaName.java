package dev.postbus.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What one of several web-services is called in events, where each has a log of its own. */
final class ReplicaName {
  /** The only one. */
  static final String SERVICE = "web-service";

  private static final String HOST = "host";

  private ReplicaName() {}

  /**
   * The name. It stays with the state, as the log does that goes by it: a container that is made
   * anew with the volume of another goes on as that one.
   *
   * @param setting what tells it from the others; {@code host} for this container's name
   * @param folder of this service's state
   * @throws IllegalArgumentException with what is allowed
   */
  static String of(String setting, Path folder) throws IOException {
    var file = folder.resolve("replica");
    if (Files.exists(file)) {
      return Files.readString(file);
    }
    var name = checked(setting.equals(HOST) ? System.getenv("HOSTNAME") : setting);
    Files.writeString(file, name);
    return name;
  }

  private static String checked(@Nullable String name) {
    if (name == null || !name.matches("[A-Za-z0-9-]{1,63}")) {
      throw new IllegalArgumentException(
          "POSTBUS_REPLICA must be 1 to 63 letters, digits or -, or 'host' where HOSTNAME is that;"
              + " it is '"
              + name
              + "'");
    }
    return SERVICE + "@" + name;
  }
}
