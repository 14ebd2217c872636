package dev.postbus.policy.smtp;

import static dev.postbus.policy.smtp.Samples.ALICE;
import static dev.postbus.policy.smtp.Samples.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.policy.helper.HelperProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real process, with the heap that it has, where a thousand messages are under way at once. */
class CrowdTest {
  private static final int CROWD = 1000;
  private static final String REST = "\r\n.";

  @TempDir Path folder;
  private TestHop hop;
  private PolicyProcess policy;

  @BeforeEach
  void start() throws IOException {
    hop = new TestHop(SpoolFolder.open(folder.resolve("hop"), 64 << 20));
    policy = PolicyProcess.in(folder, hop);
  }

  @AfterEach
  void end() throws IOException {
    policy.close();
    hop.close();
  }

  @Test
  void aThousandMessagesUnderWayFitIntoItsMemory() throws Exception {
    passACrowd();
  }

  @Test
  void andSoTheyDoIntoThatOfAHelper() throws Exception {
    try (var helper = new HelperProcess().start(folder)) {
      policy.helpedBy("localhost:" + helper.address().getPort());
      passACrowd();
    }
  }

  private void passACrowd() throws Exception {
    policy.start("-Xmn4m", "-Xss256k");
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(policy::serves);
    var message = Samples.encryptedOf(60_000);
    var open = new ArrayList<SmtpClient>();
    try {
      for (int i = 0; i < CROWD; i++) {
        var sender = "u" + i + ALICE.substring(ALICE.indexOf('@'));
        var client = new SmtpClient(policy.port());
        open.add(client);
        client.begin(sender, BOB);
        client.write(message.replace(ALICE, sender).stripTrailing());
      }
      assertThat(policy.serves()).isTrue();

      try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
        var answers = new ArrayList<Future<String>>();
        for (var client : open) {
          answers.add(pool.submit((Callable<String>) () -> client.ask(REST)));
        }
        for (var answer : answers) {
          assertThat(answer.get()).startsWith("250");
        }
      }
    } finally {
      for (var client : open) {
        client.close();
      }
    }
    try (var outputs = Files.newDirectoryStream(folder, "{output,helper-*}")) {
      for (var output : outputs) {
        assertThat(Files.readString(output)).doesNotContain("OutOfMemoryError");
      }
    }
  }
}
