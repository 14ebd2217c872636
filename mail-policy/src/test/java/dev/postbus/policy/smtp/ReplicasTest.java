package dev.postbus.policy.smtp;

import static dev.postbus.policy.smtp.Samples.ALICE;
import static dev.postbus.policy.smtp.Samples.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.policy.TestSettings;
import dev.postbus.policy.account.AccountCounters;
import dev.postbus.policy.account.Accounts;
import dev.postbus.policy.dkim.SignedMail;
import dev.postbus.policy.dkim.TxtLookup;
import dev.postbus.policy.dkim.Verdict;
import dev.postbus.policy.helper.HelperProcess;
import dev.postbus.policy.helper.Helpers;
import dev.postbus.policy.helper.SharedWork;
import dev.postbus.policy.helper.TestHelpers;
import dev.postbus.policy.net.Listener;
import dev.postbus.policy.settings.PolicySettings;
import dev.postbus.testing.FreePort;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Filters and accounts whose work real processes do, which are killed with signal 9. */
class ReplicasTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Pattern ATTEMPT = Pattern.compile("X-Attempt: (\\d+)");
  private static final SignedMail SIGNER = new SignedMail(2048);
  private static final TxtLookup KEYS =
      name -> name.endsWith("alpha.test") ? List.of(SIGNER.record()) : List.of();

  @TempDir Path folder;
  private final List<HelperProcess> processes = new ArrayList<>();
  private final FilterCounters counters = new FilterCounters();
  private TestHop hop;
  private PolicySettings settings;
  private Helpers helpers;
  private SharedWork work;
  private Accounts accounts;
  private Listener filter;

  @BeforeEach
  void start() throws IOException {
    for (int i = 0; i < 2; i++) {
      processes.add(new HelperProcess().start(folder));
    }
    helpers = TestHelpers.at(processes);
    work = new SharedWork(helpers, KEYS);
    hop = new TestHop(SpoolFolder.open(folder.resolve("hop"), 64 << 20));
    settings = TestSettings.withIncoming(folder, FreePort.any(), hop.port(), FreePort.any());
    accounts =
        new Accounts(
            () -> settings,
            TestSettings.invites(folder),
            Clock.systemUTC(),
            new AccountCounters(),
            work);
    awaitServing(2);
  }

  @AfterEach
  void stop() throws IOException {
    if (filter != null) {
      filter.close();
    }
    helpers.close();
    processes.forEach(HelperProcess::close);
    hop.close();
  }

  @Test
  void theLossOfAReplicaIsNotNoticedByAnySender() throws Exception {
    whileFourSend(
        attempts -> {
          // When one after the other is killed and comes back, and at last both are gone
          for (int round = 0; round < 4; round++) {
            var process = processes.get(round % 2);
            awaitMore(attempts);
            process.kill();
            awaitMore(attempts);
            process.start(folder);
            awaitServing(2);
          }
          processes.forEach(HelperProcess::close);
          awaitMore(attempts);
        });

    assertThat(work.byHelpers()).isPositive();
    assertThat(work.byItself()).isPositive();
  }

  @Test
  void aReplicaThatHangsHoldsUpNobodyForLong() throws Exception {
    whileFourSend(
        attempts -> {
          awaitMore(attempts);

          // When one hangs, in whatever it is doing, then the other does the work
          processes.getFirst().hang();
          awaitServing(1);
          var byItself = work.byItself();
          awaitMore(attempts);
          assertThat(work.byItself()).isEqualTo(byItself);

          // When both do, then it is done without them
          processes.getLast().hang();
          awaitServing(0);
          awaitMore(attempts);

          // When they go on, then they get work again
          for (var process : processes) {
            process.goOn();
          }
          awaitServing(2);
          var byHelpers = work.byHelpers();
          awaitMore(attempts);
          assertThat(work.byHelpers()).isGreaterThan(byHelpers);
        });
  }

  private interface Course {
    void run(AtomicInteger attempts) throws Exception;
  }

  /** Whatever happens meanwhile, every message is taken at its first attempt, and once. */
  private void whileFourSend(Course course) throws Exception {
    settings = withoutLimit(FreePort.any());
    filter = Filters.outgoing(() -> settings, work, counters);
    var enough = new AtomicBoolean();
    var attempts = new AtomicInteger();
    var refused = ConcurrentHashMap.<String>newKeySet();
    try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 4; i++) {
        senders.submit(() -> send(enough, attempts, refused));
      }
      try {
        course.run(attempts);
      } finally {
        enough.set(true);
      }
    }
    assertThat(refused).isEmpty();
    assertTakenOnce(attempts.get());
  }

  private void assertTakenOnce(int attempts) {
    var times = new HashMap<Integer, Integer>();
    for (var message : List.copyOf(hop.taken)) {
      var attempt = ATTEMPT.matcher(message);
      assertThat(attempt.find()).isTrue();
      times.merge(Integer.parseInt(attempt.group(1)), 1, Integer::sum);
    }
    assertThat(times).hasSize(attempts);
    assertThat(times.values()).containsOnly(1);
  }

  @Test
  void workIsSharedOutAndComesToTheSame() throws Exception {
    filter = Filters.incoming(() -> settings, accounts, work, counters);
    try (var client = new SmtpClient(settings.incoming().listen())) {
      var message = Samples.ENCRYPTED.replaceFirst("From: <.*>", "From: <alice@alpha.test>");
      var signed = SIGNER.signed("alpha.test", message);
      for (int i = 0; i < 10; i++) {
        assertThat(client.send(signed, "alice@alpha.test", BOB)).startsWith("250");
      }
      assertThat(client.send(message, "alice@alpha.test", BOB))
          .isEqualTo("554 5.7.1 No DKIM signature found");
      assertThat(client.send(SIGNER.signed("beta.test", message), "alice@alpha.test", BOB))
          .isEqualTo("554 5.7.1 No valid DKIM signature found");
      assertThat(client.send(Samples.CLEARTEXT, ALICE, BOB)).startsWith("523");
      assertThat(hop.taken).hasSize(10).containsOnly(signed);
    }
    assertThat(counters.signatures().of(Verdict.VALID)).isEqualTo(10);
    assertThat(work.byItself()).isZero();
    assertThat(helpers.views()).allSatisfy(one -> assertThat(one.done()).isGreaterThan(5));
  }

  @Test
  void aKeyThatCannotBeLookedUpMakesMailComeLaterAsItDoesWithoutReplicas() throws Exception {
    work =
        new SharedWork(
            helpers,
            name -> {
              throw new TxtLookup.NoAnswer("no resolver");
            });
    filter = Filters.incoming(() -> settings, accounts, work, counters);
    try (var client = new SmtpClient(settings.incoming().listen())) {
      var message = Samples.ENCRYPTED.replaceFirst("From: <.*>", "From: <alice@alpha.test>");
      assertThat(client.send(SIGNER.signed("alpha.test", message), "alice@alpha.test", BOB))
          .startsWith("451 4.7.5");
    }
  }

  @Test
  void aLargeMessageGoesInPieces() throws Exception {
    settings = withoutLimit(FreePort.any());
    filter = Filters.outgoing(() -> settings, work, counters);
    try (var client = new SmtpClient(settings.outgoing().listen())) {
      var large = Samples.encryptedOf(5_000_000);

      assertThat(client.send(large, ALICE, BOB)).startsWith("250");
      assertThat(hop.taken).containsExactly(large);
      assertThat(work.byHelpers()).isEqualTo(1);
    }
  }

  @Test
  void aMessageThatNoReplicaCanAnswerForCostsNoReplica() throws Exception {
    filter = Filters.incoming(() -> settings, accounts, work, counters);
    try (var client = new SmtpClient(settings.incoming().listen())) {
      // Given more authors than are told over a connection
      var authors = "From: " + "a@b.c,\r\n ".repeat(10_400) + "d@e.f\r\n\r\nhello\r\n";

      assertThat(client.send(authors, ALICE, BOB)).startsWith("523");
      assertThat(helpers.views()).hasSize(2).allMatch(Helpers.View::serves);
      assertThat(work.byItself()).isEqualTo(1);
    }
  }

  @Test
  void theRateLimitIsOneForAllReplicas() throws Exception {
    settings = with(new PolicySettings.Limits(1, 3, 1_000_000), FreePort.any());
    filter = Filters.outgoing(() -> settings, work, counters);
    try (var client = new SmtpClient(settings.outgoing().listen())) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.send(Samples.ENCRYPTED, ALICE, BOB)).startsWith("250");
      }

      assertThat(client.ask("MAIL FROM:<" + ALICE + ">"))
          .isEqualTo("450 4.7.1: Too much mail from " + ALICE);
      assertThat(client.ask("MAIL FROM:<" + BOB + ">")).startsWith("250");
    }
  }

  @Test
  void firstLoginsAtOnceMakeOneAccountWhoeverHashesItsPassword() throws Exception {
    var hashes = new ArrayList<Future<Accounts.Account>>();
    try (var logins = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        var password = "password-" + i;
        hashes.add(
            logins.submit(
                () -> accounts.findOrCreate("first1234@relay.test", password).orElseThrow()));
      }
      processes.getFirst().kill();
    }

    var seen = new java.util.HashSet<String>();
    for (var hash : hashes) {
      seen.add(hash.get().passwordHash());
    }
    assertThat(seen).hasSize(1).first().asString().startsWith("{SHA512-CRYPT}$6$");
  }

  private void send(AtomicBoolean enough, AtomicInteger attempts, Set<String> refused) {
    var message = Samples.encryptedOf(3000);
    try (var client = new SmtpClient(settings.outgoing().listen())) {
      while (!enough.get()) {
        var attempt = attempts.incrementAndGet();
        var answer = client.send("X-Attempt: " + attempt + "\r\n" + message, ALICE, BOB);
        if (!answer.startsWith("250")) {
          refused.add(answer);
        }
      }
    } catch (IOException e) {
      refused.add("hung up: " + e.getMessage());
    }
  }

  private static void awaitMore(AtomicInteger attempts) {
    var before = attempts.get();
    await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> attempts.get() > before + 40);
  }

  private void awaitServing(int count) {
    await()
        .atMost(LONG)
        .until(() -> helpers.views().stream().filter(Helpers.View::serves).count() == count);
  }

  private PolicySettings withoutLimit(int port) {
    return with(new PolicySettings.Limits(1_000_000_000, 1000, 10_000_000), port);
  }

  private PolicySettings with(PolicySettings.Limits limits, int port) {
    return TestSettings.with(
        settings,
        limits,
        new PolicySettings.Filter(port, hop.port()),
        settings.incoming(),
        settings.controlPort());
  }
}
