package dev.postbus.cert;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready when there is a certificate; the bus may be away. One that ends soon is told, and still
 * served: taking the relay down for it would make it worse.
 */
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
    var answer =
        HealthCheckResponse.named("cert-service")
            .status(current.isPresent())
            .withData("bus", service.busConnected() ? "connected" : "waiting");
    service
        .expiry()
        .left()
        .ifPresent(left -> answer.withData("certificateSecondsLeft", left.toSeconds()));
    service.expiry().problem().ifPresent(problem -> answer.withData("certificate", problem));
    return answer.build();
  }
}
