package dev.postbus.events;

import java.net.URI;
import java.nio.file.Path;

/**
 * How a service reaches the bus.
 *
 * @param bootstrap Kafka's bootstrap servers, {@code host:port,…}
 * @param domain the relay's mail domain, key and subject of every record
 * @param service the service's name, e.g. {@code config-service}
 * @param outbox folder of its own for events that are not acknowledged yet
 * @param replication replication factor for topics that have to be made, 1 or more
 */
public record BusSettings(
    String bootstrap, String domain, String service, Path outbox, short replication) {
  URI source() {
    return URI.create("urn:postbus:" + service);
  }
}
