package dev.postbus.bench.soak;

import dev.postbus.bench.measure.Sampler.Reading;
import dev.postbus.bench.results.LineChart;
import dev.postbus.bench.results.LineChart.Line;
import dev.postbus.bench.results.LineChart.Panel;
import java.util.List;
import java.util.Set;

/** The samples of a long run as a chart. */
final class Picture {
  private Picture() {}

  static LineChart of(String title, Samples samples, double seconds, List<Double> kills) {
    return new LineChart(
        kills.isEmpty() ? title : title + " (dotted: a process is killed)",
        seconds,
        kills,
        List.of(
            panel(samples, "memory", "Memory (proportional set size), MB", false, Set.of()),
            panel(samples, "processor time", "Processor time, % of a core", false, Set.of()),
            panel(samples, "descriptors", "Open descriptors", false, Set.of()),
            panel(samples, "threads", "Threads", false, Set.of()),
            // The programs do not change, and would press all else to the ground.
            panel(
                samples,
                "disk",
                "State folder by its folders, MB (without the programs)",
                false,
                Set.of("app", Reading.SUM)),
            panel(samples, "latency", "DATA to EXISTS, ms", true, Set.of())));
  }

  private static Panel panel(
      Samples samples, String quantity, String title, boolean logarithmic, Set<String> without) {
    return new Panel(
        title,
        logarithmic,
        samples.of(quantity).entrySet().stream()
            .filter(line -> !without.contains(line.getKey()))
            .map(line -> new Line(named(line.getKey()), line.getValue()))
            .toList());
  }

  private static String named(String of) {
    return of.isEmpty() ? "all processes" : of;
  }
}
