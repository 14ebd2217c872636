package dev.postbus.policy.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.policy.TestClock;
import dev.postbus.policy.push.Schedule.Added;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private final TestClock clock = new TestClock();
  private final Schedule schedule = new Schedule(clock);

  @Test
  void delaysArePowersOfEightSecondsUntilFiveHoursWouldBeOver() throws InterruptedException {
    schedule.add("a", clock.instant());
    assertThat(schedule.take()).isEqualTo("a");

    List<Long> delays = new ArrayList<>();
    while (!schedule.failed("a")) {
      var delay = Duration.between(clock.instant(), schedule.nextDue().orElseThrow());
      delays.add(delay.toSeconds());
      clock.pass(delay);
      schedule.take();
    }

    assertThat(delays).containsExactly(8L, 64L, 512L, 4096L);
    assertThat(schedule.size()).isZero();
  }

  @Test
  void whatIsDueFirstComesFirst() throws InterruptedException {
    schedule.add("late", clock.instant());
    schedule.take();
    schedule.failed("late");
    schedule.add("early", clock.instant());

    assertThat(schedule.take()).isEqualTo("early");
    clock.pass(Duration.ofSeconds(8));
    assertThat(schedule.take()).isEqualTo("late");
  }

  @Test
  void newMailCountsTheFiveHoursAnew() throws InterruptedException {
    // Given a device that failed, with two hours to go when new mail comes for it
    schedule.add("a", clock.instant());
    schedule.take();
    schedule.failed("a");
    clock.pass(Duration.ofHours(3));
    schedule.add("a", clock.instant());

    // When it fails again three hours later, six after the first mail
    clock.pass(Duration.ofHours(3));
    schedule.take();

    // Then it is not given up
    assertThat(schedule.failed("a")).isFalse();
    assertThat(schedule.nextDue()).contains(clock.instant().plusSeconds(64));
  }

  @Test
  void thereIsRoomForTenThousand() {
    for (int i = 0; i < Schedule.MOST; i++) {
      assertThat(schedule.add("device-" + i, clock.instant())).isEqualTo(Added.KEEP);
    }

    assertThat(schedule.add("one more", clock.instant())).isEqualTo(Added.FULL);
    assertThat(schedule.add("device-7", clock.instant())).isEqualTo(Added.KNOWN);
    assertThat(schedule.size()).isEqualTo(Schedule.MOST);
  }

  @Test
  void timesFarFromNowAreTooOld() {
    Instant now = clock.instant();

    assertThat(schedule.tooOld(now)).isFalse();
    assertThat(schedule.tooOld(now.minus(Schedule.GIVE_UP))).isFalse();
    assertThat(schedule.tooOld(now.minus(Schedule.GIVE_UP).minusSeconds(1))).isTrue();
    assertThat(schedule.tooOld(now.plus(Duration.ofDays(400)))).isTrue();
  }
}
