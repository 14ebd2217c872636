package dev.postbus.cert;

import dev.postbus.metrics.MetricPage;
import dev.postbus.metrics.MetricSource;
import dev.postbus.metrics.ServiceMetrics;
import jakarta.enterprise.context.ApplicationScoped;

/** What this service tells Prometheus. */
@ApplicationScoped
class CertMetrics implements MetricSource {
  private final CertService service;
  private final CertResource resource;

  CertMetrics(CertService service, CertResource resource) {
    this.service = service;
    this.resource = resource;
  }

  @Override
  public void tell(MetricPage page) {
    var current = service.keeper().current();
    var status = resource.status();
    new ServiceMetrics(
            "cert-service",
            current.isPresent(),
            service.busConnected(),
            service.allSent(),
            status.configVersion())
        .tell(page);
    page.gauge(
        "postbus_certificate_problem",
        "Whether something keeps cert-service from the certificate that it wants",
        status.problem() == null ? 0 : 1);
    current.ifPresent(
        certificate ->
            page.gauge(
                "postbus_certificate_kept_end_timestamp_seconds",
                "When the newest certificate of the store ends",
                (double) certificate.stored().leaf().getNotAfter().toInstant().getEpochSecond()));
  }
}
