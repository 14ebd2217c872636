package dev.postbus.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.SealedMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever fails between Postfix and itself, and whatever senders do to break it: what they are
 * told by the real Postfix, and that nothing is lost or comes twice. On a relay without a domain,
 * so that mail from outside needs no signature.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MailPathFaultsTest {
  private static final String OUTSIDE = "carol1234@other.test";
  private static final String NEEDED = "523 Encryption Needed: Invalid Unencrypted Mail";
  private static final String AWAY = "451 4.3.0 the next mail server is away, try again later";
  private static final String NO_FILTER = "451 4.3.0 Error: queue file write error";
  private static final String TAKEN = "250 2.0.0 Ok: queued as ";

  /** A heap of 64, and the JVM round it. */
  private static final int MOST_MEBIBYTES = 128;

  private static final Duration LONG = Duration.ofSeconds(30);

  /** Where mail comes in. */
  enum Way {
    OWN("outgoing"),
    FROM_OUTSIDE("incoming");

    private final String filter;

    Way(String filter) {
      this.filter = filter;
    }
  }

  private final Map<Way, BrittleLink> links = new EnumMap<>(Way.class);
  private RunningMail relay;
  private Account alice;
  private Account bob;

  @BeforeAll
  void start() throws Exception {
    relay =
        RunningMail.prepare(
            Map.of(
                "mail_domain", "127.0.0.1",
                "max_user_send_burst_size", "1000"));
    relay.start("smtpd_proxy_timeout = 4s\n");
    var offset = relay.settings().ports().offset();
    links.put(Way.OWN, new BrittleLink(10025 + offset));
    links.put(Way.FROM_OUTSIDE, new BrittleLink(10026 + offset));
    relay.changePolicy(
        settings ->
            links.forEach(
                (way, link) -> settings.withObject(way.filter).put("reinject", link.port())));
    relay.restart(MailDaemons.POLICY);
    alice = login();
    bob = login();
  }

  @AfterAll
  void stop() throws IOException {
    if (relay != null) {
      relay.close();
    }
    for (var link : links.values()) {
      link.close();
    }
  }

  @AfterEach
  void mend() throws IOException {
    for (var link : links.values()) {
      link.works();
    }
  }

  static Stream<Arguments> faults() {
    return Stream.of(BrittleLink.AT_ONCE, "EHLO", "MAIL", "RCPT", "DATA", "--b--", ".")
        .flatMap(line -> Stream.of(Way.values()).map(way -> Arguments.of(way, line)));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void whileTheNextServerHangsUpMailIsPutOffAndComesOnceAfterwards(Way way, String line)
      throws IOException {
    var message = message(way);

    links.get(way).cutsAt(line);
    assertThat(send(way, message)).isEqualTo(AWAY);
    links.get(way).works();

    assertThat(send(way, message)).startsWith(TAKEN);
    assertThat(delivered(message)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void whileTheNextServerIsNotThereMailIsPutOffAndComesOnceAfterwards(Way way) throws IOException {
    var message = message(way);

    links.get(way).refuses();
    assertThat(send(way, message)).isEqualTo(AWAY);
    links.get(way).works();

    assertThat(send(way, message)).startsWith(TAKEN);
    assertThat(delivered(message)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void whatTheNextServerHasTakenIsNotSentAgainThoughItsAnswerIsLost(Way way) throws IOException {
    var message = message(way);
    try (var peer = peer(way)) {
      // Given a connection that mail-policy keeps for a moment
      assertThat(send(peer, way, message(way))).startsWith(TAKEN);

      links.get(way).cutsAfter(".");
      assertThat(send(peer, way, message)).isEqualTo(AWAY);
    }

    assertThat(delivered(message)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void whoseFilterDiesIsPutOffAndNothingComes(Way way) throws Exception {
    var message = message(way);
    var filter = relay.process(MailDaemons.POLICY);
    links.get(way).holdsAt("DATA");
    try (var sender = Executors.newVirtualThreadPerTaskExecutor()) {
      var answer = sender.submit(() -> send(way, message));
      links.get(way).awaitHeld();

      filter.destroyForcibly();

      assertThat(answer.get()).isEqualTo(NO_FILTER);
    }
    links.get(way).works();
    relay.awaitSuccessor(MailDaemons.POLICY, filter);
    assertThat(send(way, message)).startsWith(TAKEN);
    assertThat(delivered(message)).isEqualTo(1);
  }

  @Test
  void whoseFilterHangsIsPutOffAndNothingComes() throws Exception {
    var messages = Stream.of(Way.values()).map(this::message).toList();
    // Who logs in needs mail-policy too
    try (var own = peer(Way.OWN);
        var outside = peer(Way.FROM_OUTSIDE);
        var senders = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<String> sendOwn = () -> send(own, Way.OWN, messages.getFirst());
      Callable<String> sendFromOutside = () -> send(outside, Way.FROM_OUTSIDE, messages.getLast());
      relay.hang(MailDaemons.POLICY);
      try {
        for (var answer : senders.invokeAll(List.of(sendOwn, sendFromOutside))) {
          assertThat(answer.get()).isEqualTo(NO_FILTER);
        }
      } finally {
        relay.goOn(MailDaemons.POLICY);
      }

      assertThat(sendOwn.call()).startsWith(TAKEN);
      assertThat(sendFromOutside.call()).startsWith(TAKEN);
    }
    for (var message : messages) {
      assertThat(delivered(message)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsMadeToCostMemoryIsRefusedAndCostsLittle(Way way) throws IOException {
    var filter = relay.process(MailDaemons.POLICY);
    var from = "From: <" + sender(way) + ">\r\n";
    var part = "--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n";
    var parts = "Content-Type: multipart/encrypted; boundary=b\r\n\r\n" + part.repeat(10_000);
    var nested =
        IntStream.range(0, 1000)
            .mapToObj("Content-Type: multipart/mixed; boundary=b%1$d\r\n\r\n--b%1$d\r\n"::formatted)
            .collect(Collectors.joining());
    var line = "x".repeat(30_000_000);

    try (var peer = peer(way)) {
      assertThat(send(peer, way, from + "\r\n" + line)).isEqualTo(NEEDED);
      assertThat(send(peer, way, from + parts + "--b--\r\n")).isEqualTo(NEEDED);
      assertThat(send(peer, way, from + nested + "\r\nx\r\n")).isEqualTo(NEEDED);
      // Of a header without an end nobody is the author
      assertThat(send(peer, way, from + "X: " + line))
          .isEqualTo(
              way == Way.OWN
                  ? "500 Invalid FROM: the From header must be the sender, " + alice.address()
                  : NEEDED);
      assertThat(send(peer, way, from + "\r\n" + line + line))
          .isEqualTo("552 5.3.4 Error: message file too big");
      assertThat(send(peer, way, message(way))).startsWith(TAKEN);
    }
    assertThat(relay.process(MailDaemons.POLICY)).isEqualTo(filter);
    assertThat(mostMemoryInMebibytes(filter)).isLessThan(MOST_MEBIBYTES);
  }

  @ParameterizedTest
  @EnumSource
  void whoHangsUpWithinAMessageHasSentNothing(Way way) throws IOException {
    var message = message(way);
    for (int i = 0; i < 10; i++) {
      try (var peer = peer(way)) {
        begin(peer, way);
        peer.write(message);
      }
    }

    assertThat(send(way, message)).startsWith(TAKEN);
    assertThat(delivered(message)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void aSlowSenderIsHeardOutAndKeepsNobodyWaiting(Way way) throws IOException {
    var message = message(way);
    try (var slow = peer(way)) {
      begin(slow, way);
      for (var line : message.split("(?<=\n)")) {
        slow.write(line);
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      }
      var other = message(way);
      assertThat(send(way, other)).startsWith(TAKEN);
      assertThat(delivered(other)).isEqualTo(1);
      assertThat(slow.ask(".")).startsWith(TAKEN);
    }
    assertThat(delivered(message)).isEqualTo(1);
  }

  @Test
  void aMessageAsLargeAsMayBeArrivesWhole() throws IOException {
    var carol = login();
    var bytes = new SealedMessage(22_000_000).bytes(alice.address(), carol.address());
    var message = new String(bytes, StandardCharsets.US_ASCII) + "\r\n";

    try (var peer = peer(Way.OWN)) {
      assertThat(peer.send(alice.address(), carol.address(), message)).startsWith(TAKEN);
    }

    var body = message.substring(message.indexOf("\r\n\r\n")).replace("\r\n", "\n");
    assertThat(Delivered.to(carol, relay.settings(), id(message)).endsWith(body)).isTrue();
  }

  private String sender(Way way) {
    return way == Way.OWN ? alice.address() : OUTSIDE;
  }

  private String message(Way way) {
    return Letters.encrypted(sender(way), bob.address());
  }

  private SmtpPeer peer(Way way) throws IOException {
    var ports = relay.settings().ports();
    return way == Way.OWN ? SmtpPeer.of(alice, ports) : new SmtpPeer(ports.smtp());
  }

  private String send(Way way, String message) throws IOException {
    try (var peer = peer(way)) {
      return send(peer, way, message);
    }
  }

  private String send(SmtpPeer peer, Way way, String message) throws IOException {
    return peer.send(sender(way), bob.address(), message);
  }

  private void begin(SmtpPeer peer, Way way) throws IOException {
    peer.ask("MAIL FROM:<" + sender(way) + ">");
    peer.ask("RCPT TO:<" + bob.address() + ">");
    assertThat(peer.ask("DATA")).startsWith("354");
  }

  /** How often a message has been delivered, once Postfix has nothing more to deliver. */
  private int delivered(String message) throws IOException {
    Delivered.to(bob, relay.settings(), id(message));
    // What is moved while the folders are read is looked for again.
    await()
        .atMost(LONG)
        .ignoreExceptionsMatching(UncheckedIOException.class::isInstance)
        .until(this::queueIsEmpty);
    return Delivered.all(bob, relay.settings(), id(message)).size();
  }

  private boolean queueIsEmpty() throws IOException {
    for (var queue : List.of("incoming", "active", "deferred")) {
      try (var files = Files.walk(relay.settings().queue().resolve(queue))) {
        if (files.anyMatch(Files::isRegularFile)) {
          return false;
        }
      }
    }
    return true;
  }

  private static String id(String message) {
    return message.replaceFirst("(?s).*?(Message-ID: <[^>]*>).*", "$1");
  }

  private static long mostMemoryInMebibytes(ProcessHandle process) throws IOException {
    try (var lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      return lines
              .filter(line -> line.startsWith("VmHWM:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .findFirst()
              .orElseThrow()
          / 1024;
    }
  }

  private Account login() throws IOException {
    var account = Account.fresh("[127.0.0.1]");
    relay.imap(account).close();
    return account;
  }
}
