package dev.postbus.web;

import dev.postbus.metrics.MetricPage;
import dev.postbus.metrics.MetricSource;
import dev.postbus.metrics.ServiceMetrics;
import jakarta.enterprise.context.ApplicationScoped;

/** What this service tells Prometheus. */
@ApplicationScoped
class WebMetrics implements MetricSource {
  private final WebService service;

  WebMetrics(WebService service) {
    this.service = service;
  }

  @Override
  public void tell(MetricPage page) {
    var status = service.status();
    new ServiceMetrics(
            "web-service",
            status.serving(),
            service.busConnected(),
            service.allSent(),
            status.configVersion())
        .tell(page);
    for (var process : status.processes()) {
      page.gauge(
          "postbus_daemon_ready",
          "Whether a daemon serves",
          process.state().equals("ready") || process.state().equals("reloading") ? 1 : 0,
          "daemon",
          process.name());
      page.counter(
          "postbus_daemon_restarts",
          "Starts of a daemon after it ended unasked",
          process.restarts(),
          "daemon",
          process.name());
    }
    for (var visits : service.visits()) {
      page.counter(
          "postbus_visits",
          "How often nginx answered what",
          (double) visits.times(),
          "page",
          visits.page(),
          "status",
          Integer.toString(visits.status()));
    }
  }
}
