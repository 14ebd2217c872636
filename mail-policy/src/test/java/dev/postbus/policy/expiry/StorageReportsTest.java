package dev.postbus.policy.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.policy.TestSettings;
import dev.postbus.policy.expiry.StorageReport.Active;
import dev.postbus.policy.expiry.StorageReport.SizeClass;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageReportsTest {
  @TempDir Path folder;
  private final MovableClock clock = new MovableClock("2026-05-05T03:00:00Z");

  @Test
  void countsMailsBySizeAndAccountsByTheirLastLogin() throws Exception {
    // Given accounts of people, of a test, and a blocked one
    var alice = TestMailbox.with(folder, "alice1234@relay.test", clock.instant(), 0);
    alice.message("cur", "1.a", 3_000_000, Duration.ZERO);
    alice.message(".Sent/new", "1.b", 160_000, Duration.ZERO);
    alice.message("tmp", "1.c", 5, Duration.ZERO);
    TestMailbox.with(folder, "bob123456@relay.test", clock.instant(), 35);
    TestMailbox.with(folder, "ci-123456@relay.test", clock.instant(), 0);
    var blocked = TestMailbox.with(folder, "carol1234@relay.test", clock.instant(), 0);
    Files.writeString(blocked.folder().resolve("password"), "");
    blocked.age(blocked.folder().resolve("password"), Duration.ofDays(200));
    Files.createDirectory(folder.resolve("empty1234@relay.test"));

    var report = new StorageReports(() -> TestSettings.in(folder, 1), clock).count();

    assertThat(report.mailboxes()).isEqualTo(5);
    assertThat(report.accounts()).isEqualTo(4);
    assertThat(report.ciAccounts()).isEqualTo(1);
    assertThat(report.blocked()).isEqualTo(1);
    assertThat(report.messages()).isEqualTo(3);
    assertThat(report.messageBytes()).isEqualTo(3_160_005);
    assertThat(report.otherBytes()).isEqualTo(3 * 18 + 4 * 9);
    assertThat(report.bySize())
        .containsExactly(
            new SizeClass(0, 3, 3_160_005),
            new SizeClass(160_000, 2, 3_160_000),
            new SizeClass(500_000, 1, 3_000_000),
            new SizeClass(2_000_000, 1, 3_000_000));
    assertThat(report.active())
        .containsExactly(
            new Active(1, 1),
            new Active(10, 1),
            new Active(30, 1),
            new Active(40, 2),
            new Active(80, 2),
            new Active(100, 2),
            new Active(150, 2));
  }

  @Test
  void theLastCountIsKept() throws Exception {
    var reports = new StorageReports(() -> TestSettings.in(folder, 1), clock);
    assertThat(reports.latest()).isEmpty();

    var counted = reports.count();

    assertThat(reports.latest()).contains(counted);
  }
}
