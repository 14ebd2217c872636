package dev.postbus.policy.metrics;

import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.function.Consumer;

/** Somebody who has metrics to tell. */
@FunctionalInterface
public interface MetricSource {
  /** Tells all as they are now. What cannot be read now is left out. */
  void tell(Consumer<MetricSnapshot> page);
}
