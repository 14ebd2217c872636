package dev.postbus.config;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when there is a version; the bus may be away. */
@Readiness
@ApplicationScoped
class ConfigHealth implements HealthCheck {
  private final ConfigService service;

  ConfigHealth(ConfigService service) {
    this.service = service;
  }

  @Override
  public HealthCheckResponse call() {
    if (!service.started()) {
      return HealthCheckResponse.named("config-service")
          .down()
          .withData("problems", String.join("; ", service.problems()))
          .build();
    }
    return HealthCheckResponse.named("config-service")
        .up()
        .withData("version", service.keeper().current().number())
        .withData("problems", service.keeper().problems().size())
        .withData("bus", service.busConnected() ? "connected" : "waiting")
        .build();
  }
}
