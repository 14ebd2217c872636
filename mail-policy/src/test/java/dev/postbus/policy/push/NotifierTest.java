package dev.postbus.policy.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.postbus.policy.TestClock;
import dev.postbus.policy.count.EnumCounter;
import dev.postbus.policy.settings.PolicySettings;
import dev.postbus.testing.MadeKey;
import dev.postbus.testing.PushServer;
import dev.postbus.testing.PushServer.Answer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The notifier against a real HTTPS server; only the clock is the test's. */
class NotifierTest {
  private static final String ALICE = "alice1234@relay.test";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static MadeKey key;

  @TempDir Path folder;
  private final TestClock clock = new TestClock();
  private final List<String> gone = new CopyOnWriteArrayList<>();
  private final EnumCounter<PushOutcome> outcomes = new EnumCounter<>(PushOutcome.class);
  private PushServer server;
  private Path queue;
  private Notifier notifier;

  @BeforeAll
  static void makeKey(@TempDir Path keys) throws Exception {
    key = MadeKey.in(keys.resolve("key.p12"), "localhost");
  }

  @BeforeEach
  void start() throws Exception {
    server = PushServer.start(folder, key);
    queue = folder.resolve("queue");
    notifier = notifier(PATIENCE);
  }

  @AfterEach
  void stop() {
    notifier.close();
    server.close();
  }

  @Test
  void everyTokenIsPostedOnceAsItIs() throws IOException {
    notifier.newMail(ALICE, List.of("openpgp:abc+/=", "fcm-chat.delta:xyz"));

    awaitEmpty();
    assertThat(server.posted()).containsExactlyInAnyOrder("openpgp:abc+/=", "fcm-chat.delta:xyz");
    assertThat(gone).isEmpty();
    assertThat(outcomes.of(PushOutcome.TAKEN)).isEqualTo(2);
  }

  @Test
  void aTokenThatTheServerKnowsNoMoreIsRemoved() throws IOException {
    server.answers(Answer.status(410));

    notifier.newMail(ALICE, List.of("old"));

    awaitEmpty();
    assertThat(gone).containsExactly(ALICE + " old");
    assertThat(server.posted()).containsExactly("old");
    assertThat(outcomes.of(PushOutcome.DEVICE_GONE)).isEqualTo(1);
  }

  @Test
  void aFailureIsTriedAgainAfterEightSeconds() throws IOException {
    server.answers(Answer.status(500));
    notifier.newMail(ALICE, List.of("t"));
    awaitPosts(1);

    pass(Duration.ofSeconds(8));

    awaitEmpty();
    assertThat(server.posted()).containsExactly("t", "t");
    assertThat(gone).isEmpty();
    assertThat(outcomes.of(PushOutcome.RETRIED)).isEqualTo(1);
    assertThat(outcomes.of(PushOutcome.TAKEN)).isEqualTo(1);
  }

  @Test
  void anAnswerThatDoesNotComeIsAFailure() throws Exception {
    var never = new CountDownLatch(1);
    notifier.close();
    notifier = notifier(Duration.ofMillis(300));
    server.answers(exchange -> never.await());

    notifier.newMail(ALICE, List.of("t"));
    awaitPosts(1);
    pass(Duration.ofSeconds(8));

    awaitEmpty();
    assertThat(server.posted()).containsExactly("t", "t");
    never.countDown();
  }

  @Test
  void aRedirectionIsAFailureAndNotFollowed() throws IOException {
    server.answers(
        exchange -> {
          exchange.getResponseHeaders().add("Location", server.url() + "/elsewhere");
          exchange.sendResponseHeaders(302, -1);
        });

    notifier.newMail(ALICE, List.of("t"));
    awaitPosts(1);
    pass(Duration.ofSeconds(8));

    awaitEmpty();
    assertThat(server.posted()).containsExactly("t", "t");
  }

  @Test
  void whatWaitsIsTakenUpByTheNextStart() throws IOException {
    // Given a notification that failed
    server.answers(Answer.status(503));
    notifier.newMail(ALICE, List.of("t"));
    awaitPosts(1);
    notifier.close();

    // When another notifier starts on its folder
    notifier = notifier(PATIENCE);

    // Then it is sent without waiting
    awaitEmpty();
    assertThat(server.posted()).containsExactly("t", "t");
  }

  @Test
  void whatIsOlderThanFiveHoursIsDroppedAtTheNextStart() throws IOException {
    server.answers(Answer.status(503));
    notifier.newMail(ALICE, List.of("old"));
    awaitPosts(1);
    notifier.close();
    clock.pass(Duration.ofHours(5).plusSeconds(1));

    notifier = notifier(PATIENCE);

    awaitEmpty();
    assertThat(server.posted()).containsExactly("old");
    assertThat(outcomes.of(PushOutcome.DROPPED_LATE)).isEqualTo(1);
  }

  @Test
  void damagedAndForeignFilesArePutAsideAndTheRestIsSent() throws IOException {
    // Given a notification that waits, and files that are none
    server.answers(Answer.status(503));
    notifier.newMail(ALICE, List.of("t"));
    awaitPosts(1);
    notifier.close();
    var id = "0123456789abcdef0123456789abcdef";
    Files.writeString(queue.resolve(id), "1700000000\n" + ALICE + "\nhalf");
    Files.writeString(queue.resolve("foreign.txt"), "hello");
    Files.createDirectory(queue.resolve("folder"));
    Files.write(queue.resolve("large"), new byte[1 << 20]);
    Files.writeString(queue.resolve(id + ".new"), "not finished");

    // When a notifier starts
    notifier = notifier(PATIENCE);

    // Then it sends what it can
    await().untilAsserted(() -> assertThat(server.posted()).containsExactly("t", "t"));
    await()
        .untilAsserted(
            () ->
                assertThat(names(queue.resolve("aside")))
                    .containsExactlyInAnyOrder(id, "foreign.txt", "folder", "large"));
    await().untilAsserted(() -> assertThat(names(queue)).containsExactly("aside"));
  }

  @Test
  void mailForADeviceThatWaitsMakesNoSecondNotification() throws IOException {
    // Given as many devices under way as may be, which keeps all others waiting
    var release = new CountDownLatch(1);
    Answer later =
        exchange -> {
          release.await();
          Answer.status(200).to(exchange);
        };
    var most = Notifier.MOST_UNDER_WAY;
    server.answers(IntStream.range(0, most).mapToObj(i -> later).toArray(Answer[]::new));
    notifier.newMail(ALICE, IntStream.range(0, most).mapToObj(i -> "slow" + i).toList());
    awaitPosts(most);

    // When much mail comes for another device
    for (int i = 0; i < 50; i++) {
      notifier.newMail(ALICE, List.of("t"));
    }
    assertThat(names(queue)).hasSize(most + 1 + 1);
    assertThat(server.posted()).hasSize(most);
    release.countDown();

    // Then it is woken up once
    awaitEmpty();
    assertThat(server.posted()).hasSize(most + 1).contains("t");
  }

  @Test
  void mailWhileANotificationIsUnderWayMakesAnother() throws Exception {
    var arrived = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    server.answers(
        exchange -> {
          arrived.countDown();
          release.await();
          Answer.status(200).to(exchange);
        });
    notifier.newMail(ALICE, List.of("t"));
    arrived.await();

    notifier.newMail(ALICE, List.of("t"));
    notifier.newMail(ALICE, List.of("t"));
    release.countDown();

    awaitEmpty();
    assertThat(server.posted()).containsExactly("t", "t");
  }

  @Test
  void newMailShortensALongDelayToEightSeconds() throws IOException {
    // Given a device whose next try is 64 seconds away
    server.answers(Answer.status(500), Answer.status(500));
    notifier.newMail(ALICE, List.of("t"));
    awaitPosts(1);
    pass(Duration.ofSeconds(8));
    awaitPosts(2);

    // When new mail comes for it
    notifier.newMail(ALICE, List.of("t"));
    pass(Duration.ofSeconds(8));

    // Then it is tried soon
    awaitEmpty();
    assertThat(server.posted()).hasSize(3);
  }

  @Test
  void aServerThatNobodyVouchesForGetsNothing() throws IOException {
    notifier.close();
    notifier =
        new Notifier(
            () -> new PolicySettings.Notifications(queue, server.url(), ""),
            (address, token) -> gone.add(token),
            clock,
            outcomes,
            PATIENCE);

    notifier.newMail(ALICE, List.of("t"));

    await().until(() -> notifier.failing() == 1);
    assertThat(server.posted()).isEmpty();
    assertThat(notifier.size()).isEqualTo(1);
  }

  @Test
  void aCertificateOfAnotherNameIsRefused() throws IOException {
    var byAddress = URI.create(server.url().toString().replace("localhost", "127.0.0.1"));
    notifier.close();
    notifier =
        new Notifier(
            () ->
                new PolicySettings.Notifications(queue, byAddress, server.certificate().toString()),
            (address, token) -> gone.add(token),
            clock,
            outcomes,
            PATIENCE);

    notifier.newMail(ALICE, List.of("t"));

    await().until(() -> notifier.failing() == 1);
    assertThat(server.posted()).isEmpty();
  }

  @Test
  void rootsThatCannotBeReadAreNamed() throws IOException {
    var none = Files.writeString(folder.resolve("none.pem"), "");

    assertThatThrownBy(
            () ->
                Notifier.start(
                    () -> new PolicySettings.Notifications(queue, server.url(), none.toString()),
                    (address, token) -> gone.add(token),
                    clock,
                    outcomes))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("none.pem");
  }

  @Test
  void onlyHttpsIsTaken() {
    assertThatThrownBy(
            () ->
                new PolicySettings.Notifications(queue, URI.create("http://localhost/notify"), ""))
        .hasMessageContaining("https");
  }

  private Notifier notifier(Duration patience) throws IOException {
    return new Notifier(
        () ->
            new PolicySettings.Notifications(queue, server.url(), server.certificate().toString()),
        (address, token) -> gone.add(address + " " + token),
        clock,
        outcomes,
        patience);
  }

  private void pass(Duration time) {
    // A failure counts from when it is known, so the clock must not run ahead of it.
    await().until(() -> notifier.failing() > 0);
    clock.pass(time);
    notifier.lookAtClock();
  }

  private void awaitPosts(int count) {
    await().untilAsserted(() -> assertThat(server.posted()).hasSize(count));
  }

  private void awaitEmpty() {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(names(queue)).containsExactly("aside"));
    await().until(() -> notifier.size() == 0);
  }

  private static List<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
