package dev.postbus.config;

import dev.postbus.metrics.MetricPage;
import dev.postbus.metrics.MetricSource;
import dev.postbus.metrics.ServiceMetrics;
import jakarta.enterprise.context.ApplicationScoped;

/** What this service tells Prometheus. */
@ApplicationScoped
class ConfigMetrics implements MetricSource {
  private final ConfigService service;

  ConfigMetrics(ConfigService service) {
    this.service = service;
  }

  @Override
  public void tell(MetricPage page) {
    var started = service.started();
    new ServiceMetrics(
            "config-service",
            started,
            service.busConnected(),
            service.allSent(),
            started ? service.keeper().current().number() : null)
        .tell(page);
    page.gauge(
        "postbus_configuration_problems",
        "What chatmail.ini and the environment say and cannot be taken",
        started ? service.keeper().problems().size() : service.problems().size());
  }
}
