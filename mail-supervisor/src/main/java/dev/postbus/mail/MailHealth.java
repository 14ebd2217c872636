package dev.postbus.mail;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when a configuration and a certificate are in force and all daemons serve. */
@Readiness
@ApplicationScoped
class MailHealth implements HealthCheck {
  private final MailService service;

  MailHealth(MailService service) {
    this.service = service;
  }

  @Override
  public HealthCheckResponse call() {
    var status = service.status();
    return HealthCheckResponse.named("mail-supervisor")
        .status(status.serving())
        .withData("room", status.problem() == null ? "enough" : status.problem())
        .withData("from", service.caughtUp() ? "bus" : "local state")
        .withData("IDLE notifications", service.notifying())
        .withData("bus", service.busConnected() ? "connected" : "waiting")
        .build();
  }
}
