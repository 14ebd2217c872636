package dev.postbus.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledSupervisorTest {
  private static final Duration LONG = Duration.ofSeconds(15);

  @TempDir Path folder;

  /** Supervises one process until it is killed. */
  static final class Program {
    public static void main(String[] args) throws InterruptedException {
      var supervisor = supervisorOf(Path.of(args[0]), args[1], line -> System.out.println(line));
      supervisor.start();
      Thread.sleep(Duration.ofMinutes(5));
    }
  }

  @Test
  void childrenDieWithTheirSupervisor() throws IOException {
    var child = childOfAKilledSupervisor("echo $$; exec sleep 1000");

    await().atMost(LONG).until(() -> ProcessTable.startTime(child).isEmpty());
  }

  @Test
  void theNextSupervisorEndsWhatIgnoredThat() throws IOException {
    // Given a child that outlives its supervisor
    var child = childOfAKilledSupervisor("trap '' TERM; echo $$; while :; do sleep 0.1; done");
    assertThat(ProcessTable.startTime(child)).isPresent();

    // When the next one begins with the same folder
    try (var next = supervisorOf(folder, "exec sleep 1000", line -> {})) {
      // Then
      assertThat(ProcessTable.startTime(child)).isEmpty();
      assertThat(next.healthy()).isTrue();
    }
  }

  /** Supervises one process, and asks it to end once it has said something. */
  static final class ShortProgram {
    public static void main(String[] args) throws InterruptedException {
      var said = new CountDownLatch(1);
      try (var supervisor =
          supervisorOf(
              Path.of(args[0]),
              args[1],
              line -> {
                System.out.println(line);
                said.countDown();
              })) {
        supervisor.start();
        said.await();
      }
    }
  }

  @Test
  void alsoAProcessWithASmallNumberIsAskedToEnd() throws IOException {
    // In a process table of its own, as in a container
    var process =
        new ProcessBuilder(
                "unshare",
                "--pid",
                "--fork",
                "--mount-proc",
                "--kill-child",
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ShortProgram.class.getName(),
                folder.toString(),
                "trap 'echo asked; exit 0' TERM; echo $$; while :; do sleep 0.1; done")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();

    var lines = process.inputReader().lines().toList();

    assumeThat(lines).as("a process table of its own can be had").isNotEmpty();
    assertThat(Integer.parseInt(lines.getFirst().strip())).isLessThan(100);
    assertThat(lines).last().isEqualTo("asked");
  }

  private long childOfAKilledSupervisor(String script) throws IOException {
    var java = ProcessHandle.current().info().command().orElseThrow();
    var process =
        new ProcessBuilder(
                java,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                folder.toString(),
                script)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    var child = Long.parseLong(process.inputReader().readLine().strip());
    await().atMost(LONG).until(() -> folder.resolve("it.pid").toFile().exists());
    process.destroyForcibly();
    process.onExit().join();
    return child;
  }

  private static Supervisor supervisorOf(
      Path folder, String script, java.util.function.Consumer<String> lines) {
    var listener =
        new SupervisorListener() {
          @Override
          public void transition(ProcessStatus before, ProcessStatus after) {}

          @Override
          public void line(String process, String line) {
            lines.accept(line);
          }
        };
    return new Supervisor(
        List.of(ProcessDescription.named("it").command("sh", "-c", script).build()),
        listener,
        folder,
        Clock.systemUTC());
  }
}
