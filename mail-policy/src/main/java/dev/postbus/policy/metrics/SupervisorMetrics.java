package dev.postbus.policy.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.postbus.policy.settings.PolicySettings;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What the process knows that runs the daemons and hears their logs, fetched from it. */
public final class SupervisorMetrics implements MetricSource {
  private static final Fetched COUNTERS =
      new Fetched(
          "/mail/counters", "postbus_supervisor_up", "Whether mail-supervisor tells its counters");

  private final Supplier<PolicySettings> settings;
  private final JsonMapper json = JsonMapper.builder().build();

  /** Asks the port that the settings name, each time. */
  public SupervisorMetrics(Supplier<PolicySettings> settings) {
    this.settings = settings;
  }

  @Override
  public void tell(Consumer<MetricSnapshot> page) {
    COUNTERS.tell(
        settings.get().metrics().supervisorPort(),
        (text, to) -> tell(json.readTree(text), to),
        page);
  }

  private static void tell(JsonNode counters, Consumer<MetricSnapshot> page) throws IOException {
    var timeouts = counters.path("postfixTimeouts");
    if (!timeouts.isIntegralNumber()) {
      throw new IOException("there is no number of timeouts");
    }
    page.accept(
        Family.counter(
            "postbus_postfix_timeouts",
            "Clients whom Postfix waited for in vain",
            timeouts.asLong()));
    var end = counters.path("certificateEnd");
    if (end.isIntegralNumber()) {
      page.accept(
          Family.gauge(
              "postbus_certificate_end_timestamp_seconds",
              "When the certificate that is served ends",
              end.asLong()));
    }
    var ready = Family.gauge("postbus_daemon_ready", "Whether a daemon serves");
    var restarts =
        Family.counter("postbus_daemon_restarts", "Starts of a daemon after it ended unasked");
    for (var daemon : counters.path("daemons")) {
      var name = daemon.path("name").asText();
      if (name.matches("[a-z0-9-]{1,40}")) {
        var labels = Labels.of("daemon", name);
        ready.dataPoint(Family.level(labels, daemon.path("ready").asBoolean() ? 1 : 0));
        restarts.dataPoint(Family.count(labels, daemon.path("restarts").asLong()));
      }
    }
    page.accept(ready.build());
    page.accept(restarts.build());
  }
}
