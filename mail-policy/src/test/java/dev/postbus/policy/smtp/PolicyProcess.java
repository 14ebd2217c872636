package dev.postbus.policy.smtp;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postbus.policy.Main;
import dev.postbus.policy.TestSettings;
import dev.postbus.policy.settings.PolicySettings;
import dev.postbus.testing.FreePort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** mail-policy as a process of its own, which hands mail on to a server of the test. */
final class PolicyProcess implements AutoCloseable {
  private final Path folder;
  private final int port;
  private final List<String> helpers = new ArrayList<>();
  private Process process;

  private PolicyProcess(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /** Prepares one in a folder, without a limit that counts; nothing runs yet. */
  static PolicyProcess in(Path folder, TestHop hop) throws IOException {
    var port = FreePort.any();
    var settings =
        TestSettings.with(
            TestSettings.in(folder, hop.port()),
            new PolicySettings.Limits(1_000_000_000, 1000, 1_000_000),
            new PolicySettings.Filter(port, hop.port()),
            new PolicySettings.Filter(FreePort.any(), hop.port()),
            FreePort.any());
    new ObjectMapper().writeValue(folder.resolve("policy.json").toFile(), settings);
    return new PolicyProcess(folder, port);
  }

  /** Where it takes outgoing mail. */
  int port() {
    return port;
  }

  /** Lets it have helpers at {@code HOST:PORT} when it is started. */
  void helpedBy(String where) {
    helpers.add(where);
  }

  long pid() {
    return process.pid();
  }

  /** Starts it, with more options for its JVM than it has in any case. */
  void start(String... options) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx24m",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path")));
    command.addAll(List.of(options));
    command.addAll(List.of(Main.class.getName(), folder.resolve("policy.json").toString()));
    command.addAll(helpers);
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
  }

  /** Whether it answers. */
  boolean serves() {
    try (var client = new SmtpClient(port)) {
      return client.ask("NOOP").startsWith("250");
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Kills it with signal 9; returns when it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Ends it as a supervisor does; returns when it is gone. */
  void end() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
