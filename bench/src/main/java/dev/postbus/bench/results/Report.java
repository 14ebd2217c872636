package dev.postbus.bench.results;

import java.util.List;

/**
 * All that was measured of a relay.
 *
 * @param relay which one, in words
 * @param date when it began, as ISO 8601 in UTC
 * @param machine where
 * @param series what was measured often
 * @param figures what was measured once
 * @param remarks single events worth a look, such as each late notification
 */
public record Report(
    String relay,
    String date,
    Machine machine,
    List<Series> series,
    List<Figure> figures,
    List<String> remarks) {

  /** Copies the lists. */
  public Report {
    series = List.copyOf(series);
    figures = List.copyOf(figures);
    remarks = List.copyOf(remarks);
  }
}
