package dev.postbus.policy.smtp;

import static dev.postbus.policy.smtp.Samples.ALICE;
import static dev.postbus.policy.smtp.Samples.BOB;
import static dev.postbus.policy.smtp.Samples.CLEARTEXT;
import static dev.postbus.policy.smtp.Samples.ENCRYPTED;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is left of a connection; {@code -Dleak.rounds=10000} for more than a few. */
class LeakTest {
  @TempDir Path folder;

  @Test
  void neitherMemoryNorDescriptorsGrowWithTheNumberOfConnections() throws IOException {
    try (var filter = FilterUnderTest.outgoing(folder, FilterUnderTest.LIMITS)) {
      var rounds = Integer.getInteger("leak.rounds", 300);
      rounds(filter, 100);
      var heap = heap(filter);
      var descriptors = descriptors();

      rounds(filter, rounds);

      Awaitility.await().untilAsserted(() -> assertThat(descriptors()).isLessThan(descriptors + 5));
      var heapAfter = heap(filter);
      Files.writeString(
          Path.of("target", "leak.txt"),
          "rounds %d, heap %d, then %d bytes, descriptors %d, then %d%n"
              .formatted(rounds, heap, heapAfter, descriptors, descriptors()));
      assertThat(heapAfter).isLessThan(heap + 2_000_000);
      assertThat(filter.spools.memoryLeft()).isEqualTo(8 << 20);
    }
  }

  /** Each round: a message that passes, one that does not, one that is cut off, nonsense. */
  private static void rounds(FilterUnderTest filter, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      var refused = i % 2 == 0;
      filter.hop.does(
          (connection, command) -> refused && command.startsWith("RCPT") ? "421 bye" : null);
      try (var client = filter.connect()) {
        client.send(ENCRYPTED, ALICE, BOB);
        client.send(CLEARTEXT, ALICE, BOB);
        client.ask("NONSENSE");
        client.begin(ALICE, BOB);
        client.write("half");
      }
    }
  }

  private static long heap(FilterUnderTest filter) {
    filter.hop.heard.clear();
    filter.hop.taken.clear();
    System.gc();
    var memory = ManagementFactory.getMemoryMXBean();
    return memory.getHeapMemoryUsage().getUsed();
  }

  private static long descriptors() {
    return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getOpenFileDescriptorCount();
  }
}
