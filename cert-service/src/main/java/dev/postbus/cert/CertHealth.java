package dev.postbus.cert;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when there is a certificate; the bus may be away. */
@Readiness
@ApplicationScoped
class CertHealth implements HealthCheck {
  private final CertService service;

  CertHealth(CertService service) {
    this.service = service;
  }

  @Override
  public HealthCheckResponse call() {
    var current = service.keeper().current();
    return HealthCheckResponse.named("cert-service")
        .status(current.isPresent())
        .withData("bus", service.busConnected() ? "connected" : "waiting")
        .build();
  }
}
