package dev.postbus.events;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.config.ConfigException;

/**
 * How a client shows the brokers of a cluster who it is: TLS and SASL as in Kafka's own client
 * properties, from the file that {@code POSTBUS_BUS_CLIENT} (or the system property {@code
 * postbus.bus.client}) names. It is read anew for each client, so that new credentials count from
 * the next connection on. What it says stays out of logs and errors.
 */
final class BusSecurity {
  private static final List<String> ALLOWED = List.of("security.", "sasl.", "ssl.");

  private BusSecurity() {}

  /** What this process was told; nothing if it was told of no file. */
  static Map<String, String> here() {
    return Optional.ofNullable(System.getProperty("postbus.bus.client"))
        .or(() -> Optional.ofNullable(System.getenv("POSTBUS_BUS_CLIENT")))
        .filter(name -> !name.isBlank())
        .map(name -> of(Path.of(name)))
        .orElse(Map.of());
  }

  /**
   * The settings in a file.
   *
   * @throws ConfigException if it cannot be read, or sets something that is not about security
   */
  static Map<String, String> of(Path file) {
    var properties = new Properties();
    try (var in = Files.newBufferedReader(file)) {
      properties.load(in);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigException(
          "POSTBUS_BUS_CLIENT: %s cannot be read (%s)"
              .formatted(file, e.getClass().getSimpleName()));
    }
    var settings = new HashMap<String, String>();
    for (var name : properties.stringPropertyNames()) {
      if (ALLOWED.stream().noneMatch(name::startsWith)) {
        throw new ConfigException(
            "POSTBUS_BUS_CLIENT: %s sets %s; allowed are names that begin with %s"
                .formatted(file, name, String.join(" ", ALLOWED)));
      }
      settings.put(name, properties.getProperty(name));
    }
    return settings;
  }
}
