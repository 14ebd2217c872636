package dev.postbus.bench.results;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Two reports side by side.
 *
 * @param old the one to compare with
 * @param now the one in question
 * @param rows what both have, in the order of the new one
 * @param onlyOld names of what only the old one has
 * @param onlyNow names of what only the new one has
 */
public record Comparison(
    Report old, Report now, List<Row> rows, List<String> onlyOld, List<String> onlyNow) {

  /**
   * One thing that both have.
   *
   * @param name what was measured
   * @param unit of both values
   * @param old median, or the single figure
   * @param now median, or the single figure
   */
  public record Row(String name, String unit, double old, double now) {

    /** New by old; not finite if the old value is 0. */
    public double ratio() {
      return now / old;
    }
  }

  /** What has a name and a unit; both have to agree. */
  private record Key(String name, String unit) {}

  /** Compares what has the same name and unit in both. */
  public static Comparison of(Report old, Report now) {
    var before = values(old);
    var after = values(now);
    var rows = new ArrayList<Row>();
    var onlyNow = new ArrayList<String>();
    after.forEach(
        (key, value) -> {
          var earlier = before.get(key);
          if (earlier == null) {
            onlyNow.add(key.name());
          } else {
            rows.add(new Row(key.name(), key.unit(), earlier, value));
          }
        });
    var onlyOld =
        before.keySet().stream().filter(key -> !after.containsKey(key)).map(Key::name).toList();
    return new Comparison(old, now, List.copyOf(rows), onlyOld, List.copyOf(onlyNow));
  }

  private static Map<Key, Double> values(Report report) {
    var values = new LinkedHashMap<Key, Double>();
    report.series().forEach(s -> values.put(new Key(s.name(), s.unit()), s.median()));
    report.figures().forEach(f -> values.put(new Key(f.name(), f.unit()), f.value()));
    return values;
  }
}
