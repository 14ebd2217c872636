package dev.postbus.policy.smtp;

import static dev.postbus.policy.smtp.Samples.ALICE;
import static dev.postbus.policy.smtp.Samples.BOB;
import static dev.postbus.policy.smtp.Samples.ENCRYPTED;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Senders who mean no good, or only have a bad line. */
class RobustnessTest {
  private static final String NEEDED = "523 Encryption Needed: Invalid Unencrypted Mail";

  @TempDir Path folder;
  private FilterUnderTest filter;

  @BeforeEach
  void listen() throws IOException {
    filter = FilterUnderTest.outgoing(folder, FilterUnderTest.LIMITS);
  }

  @AfterEach
  void close() throws IOException {
    filter.close();
  }

  @Test
  void aSenderWhoGivesAByteNowAndThenIsEndedAndOthersAreServed() throws Exception {
    filter.close();
    filter =
        FilterUnderTest.outgoing(
            folder,
            new SessionLimits(
                Duration.ofMillis(500), Duration.ofSeconds(20), Duration.ofSeconds(1), 5, 4));
    var ended = new AtomicBoolean();
    try (var slow = new Socket(InetAddress.getLoopbackAddress(), filter.port)) {
      Thread.ofVirtual().start(() -> dribble(slow, ended));

      Awaitility.await().untilTrue(ended);
      assertSendsWell();
    }
  }

  @Test
  void aSenderWhoSaysNothingIsToldSoAtTheEnd() throws IOException {
    filter.close();
    filter =
        FilterUnderTest.outgoing(
            folder,
            new SessionLimits(
                Duration.ofMillis(500), Duration.ofSeconds(20), Duration.ofSeconds(1), 5, 4));

    try (var silent = filter.connect()) {
      assertThat(silent.line()).isEqualTo("421 4.4.2 this takes too long");
      assertThat(silent.line()).isNull();
    }
  }

  @Test
  void aThousandIdleConnectionsDoNotKeepOthersOut() throws IOException {
    var idle = new ArrayList<SmtpClient>();
    try {
      for (int i = 0; i < 1000; i++) {
        idle.add(filter.connect());
      }
      assertSendsWell();
      assertThat(idle.getLast().ask("NOOP")).startsWith("250");
    } finally {
      for (var client : idle) {
        client.close();
      }
    }
  }

  @Test
  void aLineOfThirtyMegabytesIsNotKeptInMemory() throws IOException {
    try (var client = filter.connect()) {
      client.begin(ALICE, BOB);
      client.write("From: " + ALICE + "\r\n\r\n");
      var piece = "x".repeat(1 << 20);
      for (int i = 0; i < 29; i++) {
        client.write(piece);
      }
      assertThat(filter.spools.memoryLeft()).isEqualTo(8 << 20);
      assertThat(client.ask("\r\n.")).isEqualTo(NEEDED);
    }
  }

  @Test
  void aMessageAsLargeAsMayBeGoesOverTheDiskAndLeavesNothingThere() throws IOException {
    var large = Samples.encryptedOf(30_000_000);
    try (var client = filter.connect()) {
      client.begin(ALICE, BOB);
      client.write(large);
      assertThat(client.ask(".")).startsWith("250");
    }
    assertThat(filter.hop.taken.equals(List.of(large))).isTrue();
    try (var files = Files.list(folder.resolve("spool"))) {
      assertThat(files).isEmpty();
    }
    assertThat(filter.spools.memoryLeft()).isEqualTo(8 << 20);
  }

  @Test
  void tenThousandPartsAndAThousandWithinEachOtherAreCleartext() throws IOException {
    var head = "From: " + ALICE + "\r\nContent-Type: multipart/encrypted; boundary=b\r\n\r\n";
    var parts = "--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n";
    var nested = new StringBuilder("From: " + ALICE + "\r\n");
    for (int i = 0; i < 1000; i++) {
      nested.append("Content-Type: multipart/mixed; boundary=b" + i + "\r\n\r\n--b" + i + "\r\n");
    }
    try (var client = filter.connect()) {
      assertThat(client.send(head + parts.repeat(10_000) + "--b--\r\n", ALICE, BOB))
          .isEqualTo(NEEDED);
      assertThat(client.send(nested + "\r\nx\r\n", ALICE, BOB)).isEqualTo(NEEDED);
    }
  }

  @Test
  void headersWithoutEndAreCleartextOfNobody() throws IOException {
    var fields = "X: " + "y".repeat(70) + "\r\n";
    try (var client = filter.connect()) {
      assertThat(client.send(fields.repeat(100_000), ALICE, BOB)).startsWith("500 Invalid FROM");
      assertThat(client.send("X:\r\n" + " y\r\n".repeat(100_000), ALICE, BOB)).startsWith("500 ");
    }
  }

  @Test
  void aSenderWhoHangsUpWithinAMessageSendsNothing() throws IOException {
    for (int i = 0; i < 50; i++) {
      try (var client = filter.connect()) {
        client.begin(ALICE, BOB);
        client.write(ENCRYPTED);
      }
    }
    assertSendsWell();
    assertThat(filter.hop.taken).hasSize(1);
  }

  @Test
  void memoryForMessagesIsSharedAndWhatDoesNotFitGoesToDisk() throws IOException {
    var message = Samples.encryptedOf(200_000);
    var clients = new ArrayList<SmtpClient>();
    try {
      for (int i = 0; i < 60; i++) {
        var client = filter.connect();
        clients.add(client);
        client.begin(ALICE, BOB);
        client.write(message);
      }
      for (var client : clients) {
        assertThat(client.ask(".")).startsWith("250");
      }
    } finally {
      for (var client : clients) {
        client.close();
      }
    }
    Awaitility.await().until(() -> filter.spools.memoryLeft() == 8 << 20);
  }

  @Test
  void whatAKilledProcessLeftIsRemovedAtStart() throws IOException {
    var left = Files.writeString(folder.resolve("spool/1-1.spool"), "half a message");

    SpoolFolder.open(folder.resolve("spool"), 1);

    assertThat(left).doesNotExist();
  }

  private void assertSendsWell() throws IOException {
    try (var client = filter.connect()) {
      assertThat(client.send(ENCRYPTED, ALICE, BOB)).startsWith("250");
    }
  }

  private static void dribble(Socket socket, AtomicBoolean ended) {
    try {
      while (socket.getInputStream().available() >= 0) {
        socket.getOutputStream().write('X');
        LockSupport.parkNanos(20_000_000);
      }
    } catch (IOException e) {
      ended.set(true);
    }
  }
}
