package dev.postbus.bench.soak;

import dev.postbus.bench.measure.Sampler;
import dev.postbus.bench.results.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** All readings with their times, written to a file of comma-separated values as they come. */
final class Samples {
  private static final Pattern TO_QUOTE = Pattern.compile("[\",\r\n]");

  private final Path file;
  private final Map<String, Map<String, Line>> quantities = new LinkedHashMap<>();

  /** What one reading was, again and again. */
  private record Line(String unit, List<Point> points) {}

  private Samples(Path file) {
    this.file = file;
  }

  /** Begins a file, in place of an older one. */
  static Samples into(Path file) throws IOException {
    Files.writeString(file, "seconds,quantity,of,unit,value\n");
    return new Samples(file);
  }

  /** Adds what was read at a time. */
  void add(double seconds, List<Sampler.Reading> readings) throws IOException {
    var lines = new StringBuilder();
    for (var reading : readings) {
      quantities
          .computeIfAbsent(reading.quantity(), name -> new LinkedHashMap<>())
          .computeIfAbsent(reading.of(), of -> new Line(reading.unit(), new ArrayList<>()))
          .points()
          .add(new Point(seconds, reading.value()));
      lines.append(
          String.format(
              Locale.ROOT,
              "%.1f,%s,%s,%s,%.3f%n",
              seconds,
              quoted(reading.quantity()),
              quoted(reading.of()),
              quoted(reading.unit()),
              reading.value()));
    }
    Files.writeString(file, lines, StandardOpenOption.APPEND);
  }

  /** The points of a quantity, by whose they are. */
  Map<String, List<Point>> of(String quantity) {
    var points = new LinkedHashMap<String, List<Point>>();
    quantities
        .getOrDefault(quantity, Map.of())
        .forEach((of, line) -> points.put(of, List.copyOf(line.points())));
    return points;
  }

  /** The unit of a quantity; empty if there are no readings of it. */
  String unit(String quantity) {
    return quantities.getOrDefault(quantity, Map.of()).values().stream()
        .findFirst()
        .map(Line::unit)
        .orElse("");
  }

  /** As RFC 4180 has it. */
  private static String quoted(String text) {
    return TO_QUOTE.matcher(text).find() ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
