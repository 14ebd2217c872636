package dev.postbus.broker;

import java.nio.file.Path;

/**
 * Where an embedded broker keeps its log and listens.
 *
 * @param data folder of its own, formatted at the first start
 * @param host address to listen on and to tell to clients
 * @param port for clients, 1 to 65535
 * @param controllerPort for the broker's own controller, 1 to 65535, another one than {@code port}
 */
public record BrokerSettings(Path data, String host, int port, int controllerPort) {
  /** Validates the ports. */
  public BrokerSettings {
    if (port < 1 || port > 65535 || controllerPort < 1 || controllerPort > 65535) {
      throw new IllegalArgumentException(
          "broker ports must be 1 to 65535: " + port + ", " + controllerPort);
    }
    if (port == controllerPort) {
      throw new IllegalArgumentException("port and controller port are both " + port);
    }
  }
}
