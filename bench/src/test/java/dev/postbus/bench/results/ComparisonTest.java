package dev.postbus.bench.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final Machine MACHINE =
      new Machine(2, 24_000, "a processor", "6.1", 128, "25.0.3");

  private static Report report(String relay, List<Series> series, List<Figure> figures) {
    return new Report(relay, "2026-11-24T12:00:00Z", MACHINE, series, figures, List.of());
  }

  @Test
  void setsMediansAndFiguresSideBySide() {
    // Given two reports with something in common
    var old =
        report(
            "old",
            List.of(
                new Series("latency", "ms", List.of(10.0)), new Series("gone", "ms", List.of(1.0))),
            List.of(new Figure("rate", "messages/s", 40)));
    var now =
        report(
            "new",
            List.of(
                new Series("latency", "ms", List.of(4.0, 5.0, 60.0)),
                new Series("fresh", "ms", List.of(1.0))),
            List.of(new Figure("rate", "messages/s", 80), new Figure("lost", "messages", 0)));

    // When they are compared
    var comparison = Comparison.of(old, now);

    // Then only that is set side by side, and the rest is named
    assertThat(Markdown.of(comparison))
        .isEqualTo(
            """
            Old: old, 2026-11-24T12:00:00Z.
            New: new, 2026-11-24T12:00:00Z.

            | what | old | new | ratio | unit |
            | --- | ---: | ---: | ---: | --- |
            | latency | 10.0 | 5.00 | 0.50 | ms |
            | rate | 40.0 | 80.0 | 2.00 | messages/s |
            | gone | only old | | | |
            | fresh | | only new | | |
            | lost | | only new | | |
            """);
  }

  @Test
  void nothingAtAllHasNoRatio() {
    var lost = report("same", List.of(), List.of(new Figure("lost", "messages", 0)));

    assertThat(Markdown.of(Comparison.of(lost, lost))).contains("| lost | 0 | 0 | - | messages |");
  }
}
