package dev.postbus.bench.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reports as Markdown. */
public final class Markdown {
  private Markdown() {}

  /** A report in tables. */
  public static String of(Report report) {
    var lines = new ArrayList<String>();
    var machine = report.machine();
    lines.add(
        ("%s, %s: %d cores (%s), %d MiB of memory,"
                + " kernel %s (%d inotify instances a user), Java %s")
            .formatted(
                report.relay(),
                report.date(),
                machine.cores(),
                machine.processor(),
                machine.memoryMebibytes(),
                machine.kernel(),
                machine.inotifyInstances(),
                machine.java()));
    if (!report.series().isEmpty()) {
      lines.addAll(
          List.of(
              "",
              "| what | median | p99 | min | max | spread | unit | samples |",
              "| --- | ---: | ---: | ---: | ---: | ---: | --- | ---: |"));
      report.series().forEach(series -> lines.add(row(series)));
    }
    if (!report.figures().isEmpty()) {
      lines.addAll(List.of("", "| what | figure | unit |", "| --- | ---: | --- |"));
      report
          .figures()
          .forEach(
              f -> lines.add("| %s | %s | %s |".formatted(f.name(), number(f.value()), f.unit())));
    }
    if (!report.remarks().isEmpty()) {
      lines.add("");
      report.remarks().forEach(remark -> lines.add("- " + remark));
    }
    return String.join("\n", lines) + "\n";
  }

  /** A comparison as a table. */
  public static String of(Comparison comparison) {
    var lines = new ArrayList<String>();
    lines.add("Old: %s, %s.".formatted(comparison.old().relay(), comparison.old().date()));
    lines.add("New: %s, %s.".formatted(comparison.now().relay(), comparison.now().date()));
    lines.addAll(
        List.of("", "| what | old | new | ratio | unit |", "| --- | ---: | ---: | ---: | --- |"));
    for (var row : comparison.rows()) {
      lines.add(
          "| %s | %s | %s | %s | %s |"
              .formatted(
                  row.name(),
                  number(row.old()),
                  number(row.now()),
                  Double.isFinite(row.ratio()) ? plain("%.2f", row.ratio()) : "-",
                  row.unit()));
    }
    comparison.onlyOld().forEach(name -> lines.add("| %s | only old | | | |".formatted(name)));
    comparison.onlyNow().forEach(name -> lines.add("| %s | | only new | | |".formatted(name)));
    return String.join("\n", lines) + "\n";
  }

  static String line(Series series) {
    return "%s: median %s, p99 %s, max %s %s of %d"
        .formatted(
            series.name(),
            number(series.median()),
            number(series.p99()),
            number(series.max()),
            series.unit(),
            series.samples().size());
  }

  static String line(Figure figure) {
    return "%s: %s %s".formatted(figure.name(), number(figure.value()), figure.unit());
  }

  private static String row(Series series) {
    return "| %s | %s | %s | %s | %s | %s | %s | %d |"
        .formatted(
            series.name(),
            number(series.median()),
            number(series.p99()),
            number(series.min()),
            number(series.max()),
            number(series.spread()),
            series.unit(),
            series.samples().size());
  }

  /** About three digits that count. */
  static String number(double value) {
    var size = Math.abs(value);
    return plain(size >= 100 || size == 0 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", value);
  }

  private static String plain(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
