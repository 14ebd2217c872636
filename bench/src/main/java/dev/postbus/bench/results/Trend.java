package dev.postbus.bench.results;

import java.util.List;
import java.util.Optional;

/**
 * Where a quantity goes over a long run.
 *
 * @param first median of the first third of the time
 * @param last median of the last third of the time
 * @param perHour slope of the straight line that fits best, by least squares
 */
public record Trend(double first, double last, double perHour) {
  private static final int SECONDS_AN_HOUR = 3600;

  /**
   * The trend after a warm-up.
   *
   * @param points in order of time
   * @param warmUp seconds from the beginning that do not count
   * @return empty if less than three points are left, or all are of the same time
   */
  public static Optional<Trend> of(List<Point> points, double warmUp) {
    var counted = points.stream().filter(point -> point.x() >= warmUp).toList();
    if (counted.size() < 3) {
      return Optional.empty();
    }
    var begin = counted.getFirst().x();
    var third = (counted.getLast().x() - begin) / 3;
    if (third <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Trend(
            median(counted.stream().filter(point -> point.x() <= begin + third).toList()),
            median(counted.stream().filter(point -> point.x() >= begin + 2 * third).toList()),
            slope(counted) * SECONDS_AN_HOUR));
  }

  private static double median(List<Point> points) {
    return new Series("trend", "", points.stream().map(Point::y).toList()).median();
  }

  private static double slope(List<Point> points) {
    // About the means: the plain sums of squares lose digits.
    var meanX = points.stream().mapToDouble(Point::x).average().orElseThrow();
    var meanY = points.stream().mapToDouble(Point::y).average().orElseThrow();
    double both = 0;
    double square = 0;
    for (var point : points) {
      both += (point.x() - meanX) * (point.y() - meanY);
      square += (point.x() - meanX) * (point.x() - meanX);
    }
    return both / square;
  }
}
