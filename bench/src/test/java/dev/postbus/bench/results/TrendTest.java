package dev.postbus.bench.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrendTest {
  @Test
  void aStraightLineHasItsSlopePerHour() {
    // Given 100, and 0.5 more every 15 s: 120 an hour
    var points = IntStream.range(0, 40).mapToObj(i -> new Point(i * 15, 100 + i * 0.5)).toList();

    var trend = Trend.of(points, 0).orElseThrow();

    assertThat(trend.perHour()).isCloseTo(120, within(1e-9));
    // The thirds are 14 points each: those up to 195 s, and those from 390 s on.
    assertThat(trend.first()).isEqualTo(103.25);
    assertThat(trend.last()).isEqualTo(116.25);
  }

  @Test
  void theWarmUpDoesNotCount() {
    // Given a climb of five minutes, and then rest
    var points =
        IntStream.range(0, 80)
            .mapToObj(i -> new Point(i * 15, i * 15 < 300 ? i * 10.0 : 200))
            .toList();

    // Then without the climb there is no trend, and with it there is one
    assertThat(Trend.of(points, 300)).contains(new Trend(200, 200, 0));
    assertThat(Trend.of(points, 0).orElseThrow().perHour()).isGreaterThan(100);
  }

  @Test
  void oneOutlierDoesNotMoveTheMedians() {
    var points =
        IntStream.range(0, 30).mapToObj(i -> new Point(i, i == 2 || i == 28 ? 1e6 : 7)).toList();

    var trend = Trend.of(points, 0).orElseThrow();

    assertThat(trend.first()).isEqualTo(7);
    assertThat(trend.last()).isEqualTo(7);
  }

  @Test
  void theSlopeIsThatOfLeastSquares() {
    // Given three points that lie on no line: mean (1, 2), slope ((-1)(-2) + 0 + 1 * 1) / 2
    var points = List.of(new Point(0, 0), new Point(1, 3), new Point(2, 3));

    assertThat(Trend.of(points, 0).orElseThrow().perHour()).isCloseTo(1.5 * 3600, within(1e-6));
  }

  @Test
  void tooLittleTimeIsNoTrend() {
    assertThat(Trend.of(List.of(new Point(0, 1), new Point(1, 1)), 0)).isEmpty();
    assertThat(Trend.of(List.of(new Point(5, 1), new Point(5, 1), new Point(5, 1)), 0)).isEmpty();
    assertThat(Trend.of(List.of(new Point(0, 1), new Point(1, 1), new Point(2, 1)), 1)).isEmpty();
  }
}
