package dev.postbus.metrics;

import org.jspecify.annotations.Nullable;

/**
 * What every service tells of itself.
 *
 * @param service its name
 * @param ready whether it says that it is
 * @param busConnected whether the bus answered when it was last needed
 * @param allSent whether no event waits to be published
 * @param configVersion the configuration in force; null if there is none
 */
public record ServiceMetrics(
    String service,
    boolean ready,
    boolean busConnected,
    boolean allSent,
    @Nullable Long configVersion) {
  /** Tells it. */
  public void tell(MetricPage page) {
    page.gauge(
        "postbus_service_ready", "Whether a service serves", ready ? 1 : 0, "service", service);
    page.gauge(
        "postbus_bus_connected",
        "Whether the bus answered when a service last needed it",
        busConnected ? 1 : 0,
        "service",
        service);
    page.gauge(
        "postbus_events_waiting",
        "Whether events of a service wait to be published",
        allSent ? 0 : 1,
        "service",
        service);
    if (configVersion != null) {
      page.gauge(
          "postbus_configuration_version",
          "The version of the configuration that a service has in force",
          configVersion,
          "service",
          service);
    }
  }
}
