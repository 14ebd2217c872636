package dev.postbus.bench.results;

import java.util.List;

/**
 * What was measured again and again.
 *
 * @param name what was measured, the same in each report
 * @param unit of the samples, e.g. {@code ms}
 * @param samples in rising order, at least one
 */
public record Series(String name, String unit, List<Double> samples) {

  /** Takes the samples in any order. */
  public Series {
    if (samples.isEmpty()) {
      throw new IllegalArgumentException(name + ": no samples");
    }
    samples = samples.stream().sorted().toList();
  }

  /** The middle one, or the mean of the two in the middle. */
  public double median() {
    return quantile(0.5);
  }

  /** 99 of 100 samples are no more than this. */
  public double p99() {
    return quantile(0.99);
  }

  /** The smallest. */
  public double min() {
    return samples.getFirst();
  }

  /** The largest. */
  public double max() {
    return samples.getLast();
  }

  /** The interquartile range: how far the middle half of the samples lies apart. */
  public double spread() {
    return quantile(0.75) - quantile(0.25);
  }

  /** Between two samples it goes in a straight line (type 7 of Hyndman and Fan). */
  private double quantile(double share) {
    var place = share * (samples.size() - 1);
    var below = (int) Math.floor(place);
    var above = Math.min(below + 1, samples.size() - 1);
    var low = samples.get(below);
    return low + (place - below) * (samples.get(above) - low);
  }
}
