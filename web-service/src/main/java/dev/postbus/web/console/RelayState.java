package dev.postbus.web.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What the services say of themselves and of what they have; a node is missing where nobody
 * answered.
 *
 * @param services with their daemons
 * @param config what config-service has in force
 * @param cert the certificate
 * @param storage Postfix's queue, and the room for mail
 * @param machine what mail-supervisor finds of the machine that it is on
 */
record RelayState(
    List<ServiceRow> services, JsonNode config, JsonNode cert, JsonNode storage, JsonNode machine) {
  RelayState {
    services = List.copyOf(services);
  }

  /** A service. */
  record ServiceRow(
      String name,
      String state,
      boolean good,
      String version,
      String problem,
      List<ProcessRow> processes) {}

  /** A daemon. */
  record ProcessRow(String name, String state, boolean good, String since, int restarts) {}
}
