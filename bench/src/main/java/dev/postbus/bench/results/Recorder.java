package dev.postbus.bench.results;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes what is measured and saves it at once: a run that is cut short keeps what it has. */
public final class Recorder {
  private final String relay;
  private final String date = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  private final Machine machine = Machine.here();
  private final Path file;
  private final Consumer<String> listener;
  private final List<Series> series = new ArrayList<>();
  private final List<Figure> figures = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private final @Nullable Recorder whole;
  private final String prefix;
  private List<Series> seriesSoFar = List.of();
  private List<Figure> figuresSoFar = List.of();

  /**
   * Begins a report.
   *
   * @param relay which relay is measured, in words
   * @param file where it goes, as JSON
   * @param listener hears each result as a line, while the measurements run
   */
  public Recorder(String relay, Path file, Consumer<String> listener) {
    this.relay = relay;
    this.file = file;
    this.listener = listener;
    this.whole = null;
    this.prefix = "";
  }

  private Recorder(Recorder whole, String prefix) {
    this.relay = whole.relay;
    this.file = whole.file;
    this.listener = whole.listener;
    this.whole = whole;
    this.prefix = prefix;
  }

  /** One whose results become this one's, with something before each name. */
  public Recorder within(String prefix) {
    return new Recorder(this, prefix);
  }

  /** Records a series; one without samples says so in a remark. */
  public void series(String name, String unit, List<Double> samples) throws IOException {
    if (samples.isEmpty()) {
      remark(name + ": no samples");
    } else {
      record(List.of(new Series(name, unit, samples)), List.of(), List.of());
    }
  }

  /** Records a single figure. */
  public void figure(String name, String unit, double value) throws IOException {
    record(List.of(), List.of(new Figure(name, unit, value)), List.of());
  }

  /** Records an event worth a look. */
  public void remark(String text) throws IOException {
    record(List.of(), List.of(), List.of(text));
  }

  /**
   * Saves what a long measurement has found until now, in place of what it said before; {@link
   * #found} ends that.
   */
  public synchronized void soFar(List<Series> found, List<Figure> counted) throws IOException {
    if (whole != null) {
      whole.soFar(found, counted);
      return;
    }
    seriesSoFar = List.copyOf(found);
    figuresSoFar = List.copyOf(counted);
    ReportFile.write(report(), file);
  }

  /** Records what a long measurement has found in the end, all in one step. */
  public synchronized void found(List<Series> made, List<Figure> counted, List<String> told)
      throws IOException {
    forgetSoFar();
    record(made, counted, told);
  }

  private synchronized void forgetSoFar() {
    if (whole != null) {
      whole.forgetSoFar();
      return;
    }
    seriesSoFar = List.of();
    figuresSoFar = List.of();
  }

  private synchronized void record(List<Series> made, List<Figure> counted, List<String> told)
      throws IOException {
    if (whole != null) {
      whole.record(
          made.stream().map(s -> new Series(prefix + s.name(), s.unit(), s.samples())).toList(),
          counted.stream().map(f -> new Figure(prefix + f.name(), f.unit(), f.value())).toList(),
          told.stream().map(text -> prefix + text).toList());
      return;
    }
    var lines = new ArrayList<String>();
    for (var one : made) {
      series.add(rounded(one));
      lines.add(Markdown.line(series.getLast()));
    }
    for (var one : counted) {
      figures.add(new Figure(one.name(), one.unit(), rounded(one.value())));
      lines.add(Markdown.line(figures.getLast()));
    }
    remarks.addAll(told);
    lines.addAll(told);
    ReportFile.write(report(), file);
    lines.forEach(listener);
  }

  /** Where another file of this report belongs: beside it, with another ending. */
  public Path beside(String ending) {
    var name = String.valueOf(file.toAbsolutePath().getFileName());
    var stem = name.endsWith(".json") ? name.substring(0, name.length() - 5) : name;
    return file.toAbsolutePath().resolveSibling(stem + ending);
  }

  /** All so far. */
  public synchronized Report report() {
    if (whole != null) {
      return whole.report();
    }
    return new Report(
        relay, date, machine, joined(series, seriesSoFar), joined(figures, figuresSoFar), remarks);
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    var all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  private static Series rounded(Series one) {
    return new Series(
        one.name(), one.unit(), one.samples().stream().map(Recorder::rounded).toList());
  }

  /** Digits behind the microsecond of a millisecond are noise, and fill the file. */
  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
