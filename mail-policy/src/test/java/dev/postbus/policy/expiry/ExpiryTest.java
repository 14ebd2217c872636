package dev.postbus.policy.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.policy.TestSettings;
import dev.postbus.policy.expiry.Outcome.Removed;
import dev.postbus.policy.settings.PolicySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 20 days for mails, 7 for large ones, 90 without login, a quota of 1 MB. */
class ExpiryTest {
  private static final String ALICE = "alice1234@relay.test";
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path folder;
  private final MovableClock clock = new MovableClock("2026-05-05T03:00:00Z");
  private final ExpiryCounters counters = new ExpiryCounters();
  private PolicySettings settings;
  private Expiry expiry;
  private TestMailbox alice;

  @BeforeEach
  void prepare() throws IOException {
    settings = TestSettings.in(folder, 1);
    expiry = new Expiry(() -> settings, clock, counters);
    alice = TestMailbox.with(folder, ALICE, clock.instant(), 1);
  }

  @Test
  void oldMailsGoFromAllFoldersByTheirFilesTime() throws Exception {
    var old =
        Stream.of("cur", "new", "tmp", ".Sent/cur", ".Sent/new", ".Sent/tmp")
            .map(within -> message(within, "1.a", 10, Duration.ofDays(20).plus(HOUR)))
            .toList();
    var young = message("cur", "1.b", 10, Duration.ofDays(20).minus(HOUR));
    var index = message("", "dovecot.index", 10, Duration.ofDays(100));

    var outcome = run(false);

    assertThat(outcome.removed()).isEqualTo(Map.of(Reason.OLD, new Removed(6, 60)));
    assertThat(counters.removed().of(Reason.OLD)).isEqualTo(6);
    assertThat(counters.removedBytes().of(Reason.OLD)).isEqualTo(60);
    assertThat(counters.runs().of(ExpiryCounters.Run.FINISHED)).isEqualTo(1);
    assertThat(old).noneMatch(Files::exists);
    assertThat(young).exists();
    assertThat(index).exists();
    assertThat(alice.folder().resolve("maildirsize")).doesNotExist();
  }

  @Test
  void largeMailsGoEarlierOnceTheyWereSeen() throws Exception {
    var week = Duration.ofDays(7).plus(HOUR);
    var seen = message("cur", "1.a", 200_001, week);
    var unseen = message("new", "1.b", 200_001, week);
    var small = message("cur", "1.c", 200_000, week);
    var young = message("cur", "1.d", 200_001, week.minus(HOUR.multipliedBy(2)));

    run(false);

    assertThat(seen).doesNotExist();
    assertThat(unseen).exists();
    assertThat(small).exists();
    assertThat(young).exists();
  }

  @Test
  void ofAMailboxThatIsTooFullTheOldestGoUntilSeventyPercentAreLeft() throws Exception {
    // Given 900 kB by the sizes in the names, which are those before compression
    var mails = aDayApart(9, i -> i % 2 == 0 ? "cur" : ".Sent/new", 100_000, 100);

    var outcome = run(false);

    assertThat(outcome.removed()).isEqualTo(Map.of(Reason.QUOTA, new Removed(2, 200)));
    assertThat(mails.subList(0, 2)).noneMatch(Files::exists);
    assertThat(mails.subList(2, 9)).allMatch(Files::exists);
  }

  @Test
  void sizesThatNoMailCanHaveAreNotAddedUp() throws Exception {
    // Given names whose sizes together are more than a long can hold, of 1 MB on disk
    var mails = aDayApart(10, i -> "cur", 999_999_999_999_999_999L, 100_000);

    run(false);

    assertThat(mails.subList(0, 3)).noneMatch(Files::exists);
    assertThat(mails.subList(3, 10)).allMatch(Files::exists);
  }

  @Test
  void aFolderWithTheNameOfTheSumIsLeftAlone() throws Exception {
    var folderOfThatName = alice.folder().resolve("maildirsize");
    Files.delete(folderOfThatName);
    Files.createDirectory(folderOfThatName);
    message("cur", "1.a", 10, Duration.ofDays(21));

    var outcome = run(false);

    assertThat(outcome.failures()).isZero();
    assertThat(outcome.removed(Reason.OLD).count()).isEqualTo(1);
    assertThat(folderOfThatName).exists();
  }

  @Test
  void whatCameInTheLastDayStaysHoweverFullAMailboxIs() throws Exception {
    var day = Duration.ofDays(1);
    var recent = message("cur", alice.name(day.minus(HOUR), 1, 5_000_000), 10, Duration.ofDays(3));
    var older = message("cur", alice.name(day.plus(HOUR), 2, 10), 10, HOUR);

    run(false);

    assertThat(recent).exists();
    assertThat(older).doesNotExist();
  }

  @Test
  void aMailboxThatNobodyLogsInToGoesWhole() throws Exception {
    var bob = TestMailbox.with(folder, "bob123456@relay.test", clock.instant(), 90);
    var carol = TestMailbox.with(folder, "carol1234@relay.test", clock.instant(), 91);
    carol.message("cur", "1.a", 1000, HOUR);

    var outcome = run(false);

    assertThat(outcome.removed(Reason.INACTIVE).count()).isEqualTo(1);
    assertThat(outcome.removed(Reason.INACTIVE).bytes()).isGreaterThan(1000);
    assertThat(bob.folder()).exists();
    assertThat(carol.folder()).doesNotExist();
    assertThat(names()).containsExactlyInAnyOrder(ALICE, "bob123456@relay.test");
  }

  @Test
  void folderWithoutPasswordGoesOnceItHasBeenEmptyForADay() throws Exception {
    var empty = Files.createDirectories(folder.resolve("empty1234@relay.test/cur")).getParent();
    var fresh = Files.createDirectories(folder.resolve("fresh1234@relay.test/cur")).getParent();
    var full = Files.createDirectories(folder.resolve("full12345@relay.test/.Sent/cur"));
    Files.createFile(full.resolve("1.a"));
    var other = Files.createDirectories(folder.resolve("no-mailbox"));
    for (var one : java.util.List.of(empty, full.getParent().getParent(), other)) {
      Files.setLastModifiedTime(
          one, FileTime.from(clock.instant().minus(Duration.ofDays(1)).minus(HOUR)));
    }
    Files.setLastModifiedTime(fresh, FileTime.from(clock.instant()));
    Files.setLastModifiedTime(full.resolve("1.a"), FileTime.from(clock.instant()));

    var outcome = run(false);

    assertThat(outcome.removed(Reason.EMPTY).count()).isEqualTo(1);
    assertThat(empty).doesNotExist();
    assertThat(fresh).exists();
    assertThat(full).exists();
    assertThat(other).exists();
  }

  @Test
  void aDryRunTouchesNothingAndSaysWhatWouldGo() throws Exception {
    var old = message("cur", "1.a", 10, Duration.ofDays(30));
    for (int i = 0; i < 8; i++) {
      message("cur", alice.name(Duration.ofDays(2), i, 100_000), 7, HOUR);
    }
    TestMailbox.with(folder, "carol1234@relay.test", clock.instant(), 91);

    var outcome = run(true);

    assertThat(old).exists();
    assertThat(alice.folder().resolve("maildirsize")).exists();
    assertThat(outcome.removed(Reason.OLD)).isEqualTo(new Removed(1, 10));
    assertThat(outcome.removed(Reason.QUOTA)).isEqualTo(new Removed(1, 7));
    assertThat(outcome.removed(Reason.INACTIVE).count()).isEqualTo(1);
    assertThat(outcome.affected())
        .extracting(Outcome.Affected::address)
        .containsExactlyInAnyOrder(ALICE, "carol1234@relay.test");
    assertThat(run(false).removed()).isEqualTo(outcome.removed());
    assertThat(run(false).removed()).isEmpty();
  }

  @Test
  void linksLeadNowhere() throws Exception {
    // Given links to a folder of old files, in place of a mail, of cur and of a folder
    var outside = Files.createDirectories(folder.resolve("outside"));
    var precious = alice.message(outside.resolve("1.a"), 10, Duration.ofDays(99));
    Files.createSymbolicLink(alice.folder().resolve("cur"), outside);
    Files.createSymbolicLink(alice.folder().resolve(".Sent"), outside);
    Files.createFile(alice.folder().resolve("tmp"));
    Files.createSymbolicLink(
        Files.createDirectory(alice.folder().resolve("new")).resolve("1.b"), precious);

    var outcome = run(false);

    assertThat(outcome.removed()).isEmpty();
    assertThat(outcome.failures()).isZero();
    assertThat(precious).exists();
  }

  @Test
  void whatARunThatWasKilledLeftBehindIsFinished() throws Exception {
    Files.createDirectories(folder.resolve(".removed-0123456789abcdef/cur"));

    run(false);

    assertThat(names()).containsExactly(ALICE);
  }

  @Test
  void newLimitsHoldFromTheNextRunOn() throws Exception {
    var mail = message("cur", "1.a", 10, Duration.ofDays(5));
    run(false);
    assertThat(mail).exists();

    var now = TestSettings.in(folder, 1);
    settings =
        new PolicySettings(
            now.mailDomain(),
            now.mailboxes(),
            now.blockCreation(),
            now.uid(),
            now.gid(),
            now.accounts(),
            now.limits(),
            now.sockets(),
            now.metadata(),
            now.notifications(),
            now.outgoing(),
            now.incoming(),
            new PolicySettings.Expiry(4, 3, 90, 1_000_000, now.expiry().schedule()),
            now.dkim(),
            now.metrics(),
            now.controlPort());
    run(false);

    assertThat(mail).doesNotExist();
  }

  private Outcome run(boolean dry) throws InterruptedException {
    return expiry.run(dry).orElseThrow().outcome();
  }

  /** Mails of which the oldest come first and the last is a day old, by their names. */
  private List<Path> aDayApart(int count, IntFunction<String> within, long told, long size) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(
            i ->
                message(
                    within.apply(i),
                    alice.name(Duration.ofDays(count + 1 - i), i, told),
                    size,
                    HOUR))
        .toList();
  }

  private Path message(String within, String name, long size, Duration age) {
    try {
      return alice.message(within, name, size, age);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private java.util.List<String> names() throws IOException {
    try (var names = Files.list(folder)) {
      return names.map(name -> name.getFileName().toString()).toList();
    }
  }
}
