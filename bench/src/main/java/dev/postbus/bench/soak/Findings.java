package dev.postbus.bench.soak;

import dev.postbus.bench.measure.Sampler.Reading;
import dev.postbus.bench.results.Figure;
import dev.postbus.bench.results.Point;
import dev.postbus.bench.results.Series;
import dev.postbus.bench.results.Trend;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a long run has found, at any time of it.
 *
 * @param name the beginning of all results' names
 * @param began by {@link System#nanoTime}
 */
record Findings(
    String name,
    long began,
    SoakPlan plan,
    Ledger ledger,
    Kills kills,
    Errors errors,
    LoginTimes logins,
    Schedule schedule,
    Samples samples) {
  private static final double LATE_MILLIS = 1_000;
  private static final int MOST_REMARKS = 100;
  private static final List<String> TRENDS = List.of("memory", "descriptors", "threads", "disk");

  List<Series> series() {
    var all = new ArrayList<Series>();
    add(all, "DATA to EXISTS, outside of kills", "ms", latencies(false));
    add(all, "DATA to EXISTS, within 15 s of a kill", "ms", latencies(true));
    add(all, "first login", "ms", logins.first());
    add(all, "repeated login", "ms", logins.repeated());
    schedule.seconds().forEach((what, seconds) -> add(all, what + " until done", "s", seconds));
    samples
        .of("processor time")
        .forEach(
            (of, points) ->
                add(
                    all,
                    "processor time",
                    samples.unit("processor time"),
                    points.stream().map(Point::y).toList()));
    return all;
  }

  private void add(List<Series> all, String what, String unit, List<Double> values) {
    if (!values.isEmpty()) {
      all.add(new Series(name + ": " + what, unit, values));
    }
  }

  private List<Double> latencies(boolean nearKill) {
    return ledger.deliveries().stream()
        .filter(delivery -> kills.near(delivery.began()) == nearKill)
        .map(Ledger.Delivery::millis)
        .toList();
  }

  List<Figure> figures() {
    var all = new ArrayList<Figure>();
    add(all, "taken with 250", "messages", ledger.accepted());
    add(all, "taken, but not arrived", "messages", ledger.missing().size());
    add(all, "arrived twice", "messages", ledger.duplicates());
    add(all, "arrived, though the 250 did not", "messages", ledger.unconfirmed());
    add(all, "told later than 1 s, outside of kills", "messages", late(false).size());
    add(all, "told later than 1 s, within 15 s of a kill", "messages", late(true).size());
    add(all, "kills", "kills", kills.moments().size());
    add(all, "errors outside of kills", "errors", sum(errors.outside()));
    add(all, "errors within 15 s of a kill", "errors", sum(errors.near()));
    errors.outside().forEach((kind, count) -> add(all, "outside: " + kind, "errors", count));
    errors.near().forEach((kind, count) -> add(all, "near a kill: " + kind, "errors", count));
    for (var quantity : TRENDS) {
      trend(samples.of(quantity).getOrDefault(Reading.SUM, List.of()))
          .ifPresent(
              trend -> {
                var unit = samples.unit(quantity);
                add(all, quantity + ", median of the first third", unit, trend.first());
                add(all, quantity + ", median of the last third", unit, trend.last());
                add(all, quantity + ", slope", unit + "/h", trend.perHour());
              });
    }
    samples
        .of("memory")
        .forEach(
            (of, points) ->
                add(
                    all,
                    "memory of " + of + " at the end",
                    samples.unit("memory"),
                    points.getLast().y()));
    return all;
  }

  private void add(List<Figure> all, String what, String unit, double value) {
    all.add(new Figure(name + ": " + what, unit, value));
  }

  private Optional<Trend> trend(List<Point> points) {
    return Trend.of(points, plan.warmUp().toMillis() / 1e3);
  }

  private List<Ledger.Delivery> late(boolean nearKill) {
    return ledger.deliveries().stream()
        .filter(delivery -> delivery.millis() > LATE_MILLIS)
        .filter(delivery -> kills.near(delivery.began()) == nearKill)
        .toList();
  }

  private static int sum(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Single events, and where each part goes. */
  List<String> remarks() {
    var remarks = new ArrayList<String>();
    errors
        .firstOutside()
        .forEach((kind, at) -> remarks.add("first outside of kills: " + kind + ", " + when(at)));
    for (var sent : ledger.missing()) {
      remarks.add("not arrived: sent " + when(sent));
    }
    for (var delivery : late(false)) {
      remarks.add(
          String.format(Locale.ROOT, "late: %.0f ms, sent ", delivery.millis())
              + when(delivery.began()));
    }
    var events = remarks.size() > MOST_REMARKS ? remarks.subList(0, MOST_REMARKS) : remarks;
    var all = new ArrayList<>(events);
    for (var quantity : TRENDS) {
      samples
          .of(quantity)
          .forEach(
              (of, points) ->
                  trend(points)
                      .ifPresent(
                          trend ->
                              all.add(
                                  String.format(
                                      Locale.ROOT,
                                      "%s of %s: %.1f, then %.1f %s (%+.2f/h)",
                                      quantity,
                                      of,
                                      trend.first(),
                                      trend.last(),
                                      samples.unit(quantity),
                                      trend.perHour()))));
    }
    return all;
  }

  private String when(long at) {
    return String.format(Locale.ROOT, "at %.1f s, ", (at - began) / 1e9) + kills.before(at);
  }
}
