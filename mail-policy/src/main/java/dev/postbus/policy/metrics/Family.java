package dev.postbus.policy.metrics;

import dev.postbus.policy.count.EnumCounter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;

/** Metrics of one name, told apart by labels. Counters' names are without {@code _total}. */
final class Family {
  private Family() {}

  static CounterSnapshot.Builder counter(String name, String help) {
    return CounterSnapshot.builder().name(name).help(help);
  }

  static CounterSnapshot counter(String name, String help, long value) {
    return counter(name, help, (double) value);
  }

  static CounterSnapshot counter(String name, String help, double value) {
    return counter(name, help).dataPoint(count(Labels.EMPTY, value)).build();
  }

  static CounterSnapshot counter(String name, String help, String label, EnumCounter<?> counts) {
    var family = counter(name, help);
    add(family, Labels.EMPTY, label, counts);
    return family.build();
  }

  /** Adds a value for each constant. */
  static void add(
      CounterSnapshot.Builder family, Labels labels, String label, EnumCounter<?> counts) {
    counts.forEach((name, value) -> family.dataPoint(count(labels.add(label, name), value)));
  }

  static CounterDataPointSnapshot count(Labels labels, long value) {
    return count(labels, (double) value);
  }

  static CounterDataPointSnapshot count(Labels labels, double value) {
    return CounterDataPointSnapshot.builder().labels(labels).value(value).build();
  }

  static GaugeSnapshot.Builder gauge(String name, String help) {
    return GaugeSnapshot.builder().name(name).help(help);
  }

  static GaugeSnapshot gauge(String name, String help, long value) {
    return gauge(name, help, (double) value);
  }

  static GaugeSnapshot gauge(String name, String help, double value) {
    return gauge(name, help).dataPoint(level(Labels.EMPTY, value)).build();
  }

  static GaugeDataPointSnapshot level(Labels labels, long value) {
    return level(labels, (double) value);
  }

  private static GaugeDataPointSnapshot level(Labels labels, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }
}
