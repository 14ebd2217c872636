package dev.postbus.bench.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeriesTest {
  @Test
  void sortsItsSamples() {
    // Given samples as they came
    var series = new Series("login", "ms", List.of(3.0, 1.0, 2.0));

    // Then they are in order, and so are the ends
    assertThat(series.samples()).containsExactly(1.0, 2.0, 3.0);
    assertThat(series.min()).isEqualTo(1);
    assertThat(series.max()).isEqualTo(3);
  }

  @Test
  void theMedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
    assertThat(new Series("login", "ms", List.of(1.0, 2.0, 4.0, 9.0)).median()).isEqualTo(3);
    assertThat(new Series("login", "ms", List.of(1.0, 2.0, 9.0)).median()).isEqualTo(2);
  }

  @Test
  void percentilesOfOneToAHundredAndOne() {
    // Given 1 to 101, in which the k-th percentile is k + 1
    var samples = IntStream.rangeClosed(1, 101).mapToObj(i -> (double) i).toList();
    var series = new Series("login", "ms", samples.reversed());

    // Then each is where it belongs
    assertThat(series.median()).isEqualTo(51);
    assertThat(series.p99()).isEqualTo(100);
    assertThat(series.spread()).isEqualTo(50);
  }

  @Test
  void oneSampleIsEverything() {
    var series = new Series("login", "ms", Collections.singletonList(7.0));

    assertThat(series.median()).isEqualTo(7);
    assertThat(series.p99()).isEqualTo(7);
    assertThat(series.spread()).isZero();
  }

  @Test
  void noSampleIsNoSeries() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Series("login", "ms", List.of()));
  }
}
