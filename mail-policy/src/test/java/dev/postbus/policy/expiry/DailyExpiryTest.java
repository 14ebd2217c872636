package dev.postbus.policy.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.policy.TestSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DailyExpiryTest {
  @TempDir Path folder;
  private final MovableClock clock = new MovableClock("2026-05-05T12:00:00Z");
  private TestMailbox alice;

  private StorageReports reports;

  @BeforeEach
  void prepare() throws IOException {
    alice = TestMailbox.with(folder, "alice1234@relay.test", clock.instant(), 0);
  }

  @Test
  void runsOnceADayAtAnotherMinuteOfTheNight() throws Exception {
    var daily = started(1);
    var runs = new ArrayList<Instant>();
    for (var minute = 0; minute < 5 * 24 * 60; minute++) {
      clock.set(clock.instant().plus(Duration.ofMinutes(1)).toString());
      if (daily.runIfDue()) {
        runs.add(clock.instant());
      }
    }

    assertThat(runs)
        .extracting(run -> LocalDate.ofInstant(run, ZoneOffset.UTC).getDayOfMonth())
        .containsExactly(6, 7, 8, 9, 10);
    assertThat(runs)
        .allMatch(run -> run.atZone(ZoneOffset.UTC).getHour() >= 2)
        .allMatch(run -> run.atZone(ZoneOffset.UTC).getHour() < 5);
    assertThat(runs.stream().map(run -> run.atZone(ZoneOffset.UTC).toLocalTime()).distinct())
        .hasSizeGreaterThan(1);
  }

  @Test
  void aRestartNeitherSkipsADayNorRepeatsOne() throws Exception {
    // Given a first start, which settles when the next run is due
    var due = started(1).next().orElseThrow();
    assertThat(started(2).next()).contains(due);

    // When the process was down at that time, and starts at noon
    clock.set("2026-05-06T12:00:00Z");
    var old = alice.message("cur", "1.a", 10, Duration.ofDays(30));
    assertThat(started(3).runIfDue()).isTrue();
    assertThat(old).doesNotExist();
    assertThat(reports.latest().orElseThrow().messages()).isZero();

    // Then it is not run again that day, after a restart neither
    assertThat(started(4).runIfDue()).isFalse();
    clock.set("2026-05-06T23:59:00Z");
    assertThat(started(5).runIfDue()).isFalse();
    clock.set("2026-05-07T05:00:00Z");
    assertThat(started(6).runIfDue()).isTrue();
  }

  @Test
  void aTimeThatCannotBeIsDrawnAnew() throws Exception {
    var file = TestSettings.in(folder, 1).expiry().schedule();
    Files.writeString(file, "2031-01-01T03:00:00Z\n");
    assertThat(started(1).next().orElseThrow()).isBefore(Instant.parse("2026-05-06T05:00:00Z"));

    Files.writeString(file, "neither a time\n");
    assertThat(started(1).next().orElseThrow()).isBefore(Instant.parse("2026-05-06T05:00:00Z"));
  }

  private DailyExpiry started(long seed) {
    var settings = TestSettings.in(folder, 1);
    reports = new StorageReports(() -> settings, clock);
    return new DailyExpiry(
        new Expiry(() -> settings, clock, new ExpiryCounters()),
        reports,
        () -> settings,
        clock,
        new Random(seed));
  }
}
