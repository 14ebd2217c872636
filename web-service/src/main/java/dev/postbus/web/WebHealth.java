package dev.postbus.web;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when a configuration and a certificate are in force and nginx serves. */
@Readiness
@ApplicationScoped
class WebHealth implements HealthCheck {
  private final WebService service;

  WebHealth(WebService service) {
    this.service = service;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("web-service")
        .status(service.status().serving())
        .withData("from", service.caughtUp() ? "bus" : "local state")
        .withData("bus", service.busConnected() ? "connected" : "waiting")
        .build();
  }
}
