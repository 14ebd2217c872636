package dev.postbus.bench.results;

import java.util.ArrayList;
import java.util.List;

/**
 * Values along an edge of a picture.
 *
 * @param from the value at the first end
 * @param to the value at the other, larger
 * @param logarithmic whether each factor of ten takes the same room
 * @param start pixel of the first end
 * @param end pixel of the other
 */
record Axis(double from, double to, boolean logarithmic, double start, double end) {
  private static final int MOST_TICKS = 6;

  /** From 0 to a little more than a value. */
  static Axis linear(double largest, double start, double end) {
    return new Axis(0, largest > 0 ? largest : 1, false, start, end);
  }

  /** Whole powers of ten around two values; what is not above 0 lies at its first end. */
  static Axis logarithmic(double smallest, double largest, double start, double end) {
    var low = Math.floor(Math.log10(smallest > 0 ? smallest : 1));
    var high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(largest, 1e-9))));
    return new Axis(Math.pow(10, low), Math.pow(10, high), true, start, end);
  }

  /** The pixel of a value; never outside the axis. */
  double place(double value) {
    var held = Math.clamp(value, from, to);
    var share =
        logarithmic ? Math.log(held / from) / Math.log(to / from) : (held - from) / (to - from);
    return start + share * (end - start);
  }

  /** Round values to write beside it. */
  List<Double> ticks() {
    var ticks = new ArrayList<Double>();
    if (logarithmic) {
      for (double value = from; value <= to * 1.001; value *= 10) {
        ticks.add(value);
      }
      return ticks;
    }
    var step = step();
    for (int i = 0; from + i * step <= to * 1.000_001; i++) {
      ticks.add(from + i * step);
    }
    return ticks;
  }

  /** 1, 2 or 5 with zeros. */
  private double step() {
    var rough = (to - from) / (MOST_TICKS - 1);
    var power = Math.pow(10, Math.floor(Math.log10(rough)));
    for (var round : new int[] {1, 2, 5}) {
      if (round * power >= rough) {
        return round * power;
      }
    }
    return 10 * power;
  }
}
