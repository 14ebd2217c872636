package dev.postbus.policy.smtp;

import static dev.postbus.policy.smtp.Samples.ALICE;
import static dev.postbus.policy.smtp.Samples.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real process is killed with signal 9 while mail goes through it; {@code ./postbus kills} for
 * more than a few rounds. Senders number every attempt, the next server keeps the numbers.
 */
class KillTest {
  private static final int SENDERS = 4;
  private static final Pattern ATTEMPT = Pattern.compile("X-Attempt: (\\d+)");

  @TempDir Path folder;
  private final AtomicInteger attempts = new AtomicInteger();
  private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean enough = new AtomicBoolean();
  private TestHop hop;
  private PolicyProcess policy;

  @BeforeEach
  void prepare() throws IOException {
    hop = new TestHop(SpoolFolder.open(folder.resolve("hop"), 64 << 20));
    policy = PolicyProcess.in(folder, hop);
  }

  @AfterEach
  void end() throws IOException {
    enough.set(true);
    policy.close();
    hop.close();
  }

  @Test
  void aKillLosesNothingThatWasAcknowledgedAndDeliversNothingTwice() throws Exception {
    var rounds = Integer.getInteger("kills.rounds", 15);
    var random = new Random(4711);
    var taken = new HashMap<Integer, Integer>();
    policy.start();
    var senders = new ArrayList<Thread>();
    for (int i = 0; i < SENDERS; i++) {
      senders.add(Thread.ofVirtual().start(this::send));
    }
    for (int round = 0; round < rounds; round++) {
      var more = hop.taken.size() + random.nextInt(20);
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> hop.taken.size() > more);
      // Anywhere within a delivery, not just behind one.
      TimeUnit.MICROSECONDS.sleep(random.nextInt(5000));
      policy.kill();
      count(taken);
      policy.start();
    }
    enough.set(true);
    for (var sender : senders) {
      sender.join(Duration.ofMinutes(1));
    }
    policy.end();
    count(taken);

    var lost = new TreeSet<>(acknowledged);
    lost.removeAll(taken.keySet());
    var twice = taken.values().stream().filter(times -> times > 1).count();
    var unsaid = taken.keySet().stream().filter(id -> !acknowledged.contains(id)).count();
    Files.writeString(
        Path.of("target", "kills.txt"),
        ("kills %d, attempts %d, acknowledged %d, lost %d, delivered twice by the filter %d,"
                + " taken but not acknowledged any more %d%n")
            .formatted(rounds, attempts.get(), acknowledged.size(), lost.size(), twice, unsaid));
    assertThat(lost).isEmpty();
    assertThat(twice).isZero();
    assertThat(acknowledged).hasSizeGreaterThan(rounds);
  }

  private void send() {
    var message = Samples.encryptedOf(3000);
    while (!enough.get()) {
      var attempt = attempts.incrementAndGet();
      try (var client = new SmtpClient(policy.port())) {
        if (client.send("X-Attempt: " + attempt + "\r\n" + message, ALICE, BOB).startsWith("250")) {
          acknowledged.add(attempt);
        }
      } catch (IOException e) {
        // Killed, or not there yet: the next attempt is another number.
        LockSupport.parkNanos(5_000_000);
      }
    }
  }

  /** Moves what the next server took into the count, so that long runs need no memory for it. */
  private void count(Map<Integer, Integer> taken) {
    List<String> messages;
    synchronized (hop.taken) {
      messages = List.copyOf(hop.taken);
      hop.taken.clear();
    }
    hop.heard.clear();
    for (var message : messages) {
      var attempt = ATTEMPT.matcher(message);
      assertThat(attempt.find()).isTrue();
      taken.merge(Integer.parseInt(attempt.group(1)), 1, Integer::sum);
    }
  }
}
