package dev.postbus.policy.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.policy.TestSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Random mailboxes, judged a second time by the rules as they are written down. */
class ExpiryPropertyTest {
  private static final Instant NOW = Instant.parse("2026-05-05T03:00:00Z");
  private static final int QUOTA = 1_000_000;

  record Mail(
      String within,
      int changedHoursAgo,
      int deliveredHoursAgo,
      int size,
      int told,
      List<Byte> junk) {
    @Override
    public String toString() {
      return within
          + " changed "
          + changedHoursAgo
          + " delivered "
          + deliveredHoursAgo
          + " h ago, size "
          + size
          + ", told "
          + told;
    }
  }

  @Provide
  Arbitrary<List<Mail>> mailboxes() {
    var within =
        Arbitraries.of("cur", "new", "tmp", ".Sent/cur", ".Sent/new", ".Sent/tmp", ".A.B/cur");
    var hours = Arbitraries.integers().between(0, 30 * 24);
    // Bytes that a name may have: all but 0 and the slash.
    var junk = Arbitraries.bytes().filter(b -> b != 0 && b != '/').list().ofMaxSize(40);
    return Combinators.combine(
            within,
            hours,
            hours,
            Arbitraries.integers().between(0, 300_000),
            Arbitraries.integers().between(-1, 300_000),
            junk)
        .as(Mail::new)
        .list()
        .ofMaxSize(25);
  }

  @Property(tries = 60)
  void whatGoesIsWhatTheRulesSay(@ForAll("mailboxes") List<Mail> mails) throws Exception {
    var folder = Files.createTempDirectory("expiry");
    try {
      // Given a mailbox
      var mailbox = TestMailbox.with(folder, "alice1234@relay.test", NOW, 0);
      var files = new ArrayList<Path>();
      for (int i = 0; i < mails.size(); i++) {
        files.add(write(mailbox, mails.get(i), i));
      }

      // When a dry run and then a real one go through it
      var expiry =
          new Expiry(
              () -> TestSettings.in(folder, 1),
              new MovableClock(NOW.toString()),
              new ExpiryCounters());
      var would = expiry.run(true).orElseThrow().outcome();
      assertThat(files).allMatch(Files::exists);
      var gone = expiry.run(false).orElseThrow().outcome();

      // Then both agree with the rules
      var expected = expected(mails);
      for (int i = 0; i < mails.size(); i++) {
        assertThat(Files.exists(files.get(i)))
            .as("%s", mails.get(i))
            .isEqualTo(!expected.contains(i));
      }
      assertThat(gone.failures()).isZero();
      assertThat(gone.removed()).isEqualTo(would.removed());
      assertThat(Files.exists(mailbox.folder().resolve("maildirsize")))
          .isEqualTo(expected.isEmpty());
    } finally {
      remove(folder);
    }
  }

  private static Set<Integer> expected(List<Mail> mails) {
    var gone = new HashSet<Integer>();
    var counted = new ArrayList<Integer>();
    for (int i = 0; i < mails.size(); i++) {
      var mail = mails.get(i);
      var large = mail.size() > 200_000 && mail.within().endsWith("cur");
      if (mail.changedHoursAgo() > 20 * 24 || (large && mail.changedHoursAgo() > 7 * 24)) {
        gone.add(i);
      } else if (!mail.within().endsWith("tmp")) {
        counted.add(i);
      }
    }
    counted.sort(
        Comparator.comparing((Integer i) -> -mails.get(i).deliveredHoursAgo())
            .thenComparing(i -> quotaSize(mails.get(i))));
    long left = counted.stream().mapToLong(i -> quotaSize(mails.get(i))).sum();
    for (var i : counted) {
      if (left <= QUOTA * 7 / 10 || mails.get(i).deliveredHoursAgo() < 24) {
        break;
      }
      gone.add(i);
      left -= quotaSize(mails.get(i));
    }
    return gone;
  }

  private static long quotaSize(Mail mail) {
    return mail.told() < 0 ? mail.size() : mail.told();
  }

  private static Path write(TestMailbox mailbox, Mail mail, int number) throws IOException {
    var delivered = NOW.minus(Duration.ofHours(mail.deliveredHoursAgo())).getEpochSecond();
    var size = mail.told() < 0 ? "" : ",S=" + mail.told();
    var name = new StringBuilder("%d.M%dP1%s,".formatted(delivered, number, size));
    for (var b : mail.junk()) {
      name.append("%%%02X".formatted(b));
    }
    var place = Files.createDirectories(mailbox.folder().resolve(mail.within()));
    // In a URI, a name can be of any bytes; in a string it depends on the locale.
    var file = Path.of(URI.create("file://" + place + "/" + name));
    // A second, so that no file is exactly as old as a limit.
    return mailbox.message(
        file, mail.size(), Duration.ofHours(mail.changedHoursAgo()).minusSeconds(1));
  }

  private static void remove(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
