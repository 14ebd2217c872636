package dev.postbus.policy.smtp;

import static dev.postbus.policy.smtp.Samples.ALICE;
import static dev.postbus.policy.smtp.Samples.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many messages through the real process, each with a sender and a connection of its own; {@code
 * -Dendurance.messages=1000000} for more than a few.
 */
class EnduranceTest {
  private static final int CONNECTIONS = 8;
  private static final int STEPS = 10;
  private static final int SENDERS = 200_000;
  private static final long MOST_GROWTH_KIB = 16 * 1024;

  @TempDir Path folder;
  private final AtomicInteger sent = new AtomicInteger();
  private TestHop hop;
  private PolicyProcess policy;

  @BeforeEach
  void start() throws IOException {
    hop = new TestHop(SpoolFolder.open(folder.resolve("hop"), 64 << 20));
    policy = PolicyProcess.in(folder, hop);
    policy.start("-Xmn4m");
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(policy::serves);
  }

  @AfterEach
  void end() throws IOException {
    policy.close();
    hop.close();
  }

  @Test
  void memoryDoesNotGrowWithTheNumberOfMessages() throws Exception {
    var all = Integer.getInteger("endurance.messages", 4_000);
    var resident = new ArrayList<Long>();
    for (int step = 1; step <= STEPS; step++) {
      sendUpTo(all * step / STEPS);
      resident.add(residentKiB());
      hop.taken.clear();
      hop.heard.clear();
    }

    Files.writeString(
        Path.of("target", "endurance.txt"),
        "messages %d, resident KiB after each tenth: %s%n".formatted(sent.get(), resident));
    // The first steps fill what is bounded: the heap's young part, senders' rates, code.
    assertThat(resident.getLast()).isLessThan(resident.get(STEPS / 2) + MOST_GROWTH_KIB);
  }

  private void sendUpTo(int total) throws Exception {
    var numbers = new AtomicInteger(sent.get());
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var senders = new ArrayList<Future<Void>>();
      for (int i = 0; i < CONNECTIONS; i++) {
        senders.add(pool.submit((Callable<Void>) () -> send(numbers, total)));
      }
      for (var sender : senders) {
        sender.get();
      }
    }
  }

  private Void send(AtomicInteger numbers, int total) throws IOException {
    var message = Samples.encryptedOf(3000);
    for (int number = numbers.getAndIncrement();
        number < total;
        number = numbers.getAndIncrement()) {
      var sender = "u" + number % SENDERS + ALICE.substring(ALICE.indexOf('@'));
      try (var client = new SmtpClient(policy.port())) {
        assertThat(client.send(message.replace(ALICE, sender), sender, BOB)).startsWith("250");
      }
      sent.incrementAndGet();
    }
    return null;
  }

  private long residentKiB() throws IOException {
    var status = Path.of("/proc/" + policy.pid() + "/status");
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> line.replaceAll("\\D", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow();
  }
}
