package dev.postbus.policy.metrics;

import dev.postbus.policy.helper.Helpers;
import dev.postbus.policy.helper.SharedWork;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.function.Consumer;

/**
 * Who does the work.
 *
 * @param helpers who could
 * @param work who did
 */
public record HelperMetrics(Helpers helpers, SharedWork work) implements MetricSource {
  @Override
  public void tell(Consumer<MetricSnapshot> page) {
    page.accept(
        Family.gauge(
            "postbus_helpers",
            "Replicas of mail-policy that serve",
            helpers.views().stream().filter(Helpers.View::serves).count()));
    page.accept(
        Family.counter("postbus_work", "Messages judged and checked, and passwords hashed, by whom")
            .dataPoint(Family.count(Labels.of("by", "replica"), work.byHelpers()))
            .dataPoint(Family.count(Labels.of("by", "itself"), work.byItself()))
            .build());
  }
}
