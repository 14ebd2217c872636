package dev.postbus.bench.results;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

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
  }

  /** Records a series; one without samples says so in a remark. */
  public synchronized void series(String name, String unit, List<Double> samples)
      throws IOException {
    if (samples.isEmpty()) {
      remark(name + ": no samples");
      return;
    }
    var made = new Series(name, unit, samples.stream().map(Recorder::rounded).toList());
    series.add(made);
    save(Markdown.line(made));
  }

  /** Records a single figure. */
  public synchronized void figure(String name, String unit, double value) throws IOException {
    var made = new Figure(name, unit, rounded(value));
    figures.add(made);
    save(Markdown.line(made));
  }

  /** Records an event worth a look. */
  public synchronized void remark(String text) throws IOException {
    remarks.add(text);
    save(text);
  }

  /** All so far. */
  public synchronized Report report() {
    return new Report(relay, date, machine, series, figures, remarks);
  }

  private void save(String line) throws IOException {
    ReportFile.write(report(), file);
    listener.accept(line);
  }

  /** Digits behind the microsecond of a millisecond are noise, and fill the file. */
  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
