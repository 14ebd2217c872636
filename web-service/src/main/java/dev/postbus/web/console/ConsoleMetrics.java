package dev.postbus.web.console;

import dev.postbus.metrics.MetricPage;
import dev.postbus.metrics.MetricSource;
import jakarta.enterprise.context.ApplicationScoped;

/** What the console tells Prometheus. */
@ApplicationScoped
class ConsoleMetrics implements MetricSource {
  private final Console console;

  ConsoleMetrics(Console console) {
    this.console = console;
  }

  @Override
  public void tell(MetricPage page) {
    page.gauge("postbus_console_sessions", "Who has logged in", console.door().sessions().count());
    page.counter(
        "postbus_console_refused_logins",
        "How often a wrong token or code was shown",
        (double) console.door().refusals());
  }
}
