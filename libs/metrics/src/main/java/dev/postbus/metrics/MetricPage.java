package dev.postbus.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Metrics that are being told. Several services of one process may tell the same one with labels of
 * their own.
 */
public final class MetricPage {
  private final Map<String, GaugeSnapshot.Builder> gauges = new LinkedHashMap<>();
  private final Map<String, CounterSnapshot.Builder> counters = new LinkedHashMap<>();

  /** A page with nothing on it. */
  MetricPage() {}

  /**
   * Tells a value that goes up and down.
   *
   * @param labels names and values in turn; constants, never a text of somebody's
   */
  public void gauge(String name, String help, double value, String... labels) {
    gauges
        .computeIfAbsent(name, key -> GaugeSnapshot.builder().name(name).help(help))
        .dataPoint(GaugeDataPointSnapshot.builder().labels(Labels.of(labels)).value(value).build());
  }

  /**
   * Tells a value that only goes up while the process lives.
   *
   * @param name without {@code _total}
   * @param labels names and values in turn; constants, never a text of somebody's
   */
  public void counter(String name, String help, double value, String... labels) {
    counters
        .computeIfAbsent(name, key -> CounterSnapshot.builder().name(name).help(help))
        .dataPoint(
            CounterDataPointSnapshot.builder().labels(Labels.of(labels)).value(value).build());
  }

  MetricSnapshots told() {
    var all = MetricSnapshots.builder();
    gauges.values().forEach(one -> all.metricSnapshot(one.build()));
    counters.values().forEach(one -> all.metricSnapshot(one.build()));
    return all.build();
  }
}
