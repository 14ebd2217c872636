package dev.postbus.metrics;

/** Somebody who has metrics to tell; all beans of this kind are asked for each page. */
@FunctionalInterface
public interface MetricSource {
  /** Tells all as they are now, without waiting for anybody. What cannot be read is left out. */
  void tell(MetricPage page);
}
