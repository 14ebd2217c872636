package dev.postbus.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What becomes of the real daemons when the process that runs them is killed. */
class OrphansTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  /** Runs all mail daemons, and says where, and which processes these are, until it is killed. */
  static final class Program {
    public static void main(String[] args) throws Exception {
      var mail = RunningMail.prepare(Map.of());
      System.out.println(mail.settings().folder());
      mail.start("");
      System.out.println(
          MailDaemons.processes(mail.settings(), mail.settings().rendered()).stream()
              .map(daemon -> mail.process(daemon.name()))
              .flatMap(daemon -> Stream.concat(Stream.of(daemon), daemon.descendants()))
              .map(process -> "" + process.pid())
              .collect(Collectors.joining(" ")));
      Thread.sleep(Duration.ofMinutes(5));
    }
  }

  @Test
  void noDaemonOutlivesItsSupervisor() throws Exception {
    // Given a supervisor with real daemons
    var supervisor = start();
    var lines = supervisor.inputReader();
    var folder = Path.of(lines.readLine());
    var daemons =
        Arrays.stream(lines.readLine().split(" "))
            .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
            .toList();
    assertThat(daemons).hasSizeGreaterThan(10);

    // When it is killed
    supervisor.destroyForcibly().waitFor();

    // Then all of them end
    await().atMost(LONG).untilAsserted(() -> assertThat(daemons).noneMatch(ProcessHandle::isAlive));
    remove(folder.getParent());
  }

  private static Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Program.class.getName())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void remove(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
