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

/**
 * The real process, with the heap that it has, where a thousand senders begin a message at once.
 */
class CrowdTest {
  private static final int CROWD = 1000;
  private static final int ROOM = 300;
  private static final String CROWDED = "451 4.3.2 too many messages at once, try again later";
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
  void thoseForWhomThereIsRoomPassAndTheOthersTryAgain() throws Exception {
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
    var taken = new ArrayList<SmtpClient>();
    var putOff = new ArrayList<SmtpClient>();
    try {
      for (int i = 0; i < CROWD; i++) {
        var sender = "u" + i + ALICE.substring(ALICE.indexOf('@'));
        var client = new SmtpClient(policy.port());
        if (client.begin(sender, BOB).startsWith("354")) {
          taken.add(client);
          client.write(message.replace(ALICE, sender).stripTrailing());
        } else {
          putOff.add(client);
        }
      }
      assertThat(taken).hasSize(ROOM);
      assertThat(putOff.getLast().ask("DATA")).isEqualTo(CROWDED);

      var answers = new ArrayList<Future<String>>();
      try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
        for (var client : taken) {
          answers.add(pool.submit((Callable<String>) () -> client.ask(REST)));
        }
      }
      assertThat(outputs()).doesNotContain("OutOfMemoryError");
      for (var answer : answers) {
        assertThat(answer.get()).startsWith("250");
      }
      assertThat(putOff.getLast().ask("DATA")).startsWith("354");
    } finally {
      for (var client : taken) {
        client.close();
      }
      for (var client : putOff) {
        client.close();
      }
    }
  }

  private String outputs() throws IOException {
    var all = new StringBuilder();
    try (var outputs = Files.newDirectoryStream(folder, "{output,helper-*}")) {
      for (var output : outputs) {
        all.append(Files.readString(output));
      }
    }
    return all.toString();
  }
}
