package dev.postbus.bench.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AxisTest {
  @Test
  void itsEndsAreAtItsPixels() {
    // Given an axis that goes up, as pixels go down
    var axis = Axis.linear(50, 200, 100);

    assertThat(axis.place(0)).isEqualTo(200);
    assertThat(axis.place(25)).isEqualTo(150);
    assertThat(axis.place(50)).isEqualTo(100);
  }

  @Test
  void whatIsOutsideIsHeldAtItsEnds() {
    var axis = Axis.linear(50, 200, 100);

    assertThat(axis.place(-1)).isEqualTo(200);
    assertThat(axis.place(51)).isEqualTo(100);
  }

  @Test
  void ticksAreRound() {
    assertThat(Axis.linear(47.25, 0, 1).ticks()).containsExactly(0.0, 10.0, 20.0, 30.0, 40.0);
    assertThat(Axis.linear(2, 0, 1).ticks()).containsExactly(0.0, 0.5, 1.0, 1.5, 2.0);
    assertThat(Axis.linear(0, 0, 1).ticks()).startsWith(0.0);
  }

  @Test
  void aLogarithmicOneGivesEachPowerOfTenTheSameRoom() {
    // Given values between 20 and 3000
    var axis = Axis.logarithmic(20, 3000, 0, 300);

    assertThat(axis.ticks()).containsExactly(10.0, 100.0, 1000.0, 10_000.0);
    assertThat(axis.place(10)).isEqualTo(0);
    assertThat(axis.place(100)).isCloseTo(100, within(1e-9));
    assertThat(axis.place(10_000)).isCloseTo(300, within(1e-9));
    assertThat(axis.place(0)).isEqualTo(0);
  }

  @Test
  void aLogarithmicOneOfOneValueHasRoomAroundIt() {
    var axis = Axis.logarithmic(100, 100, 0, 300);

    assertThat(axis.from()).isEqualTo(100);
    assertThat(axis.to()).isEqualTo(1000);
  }
}
