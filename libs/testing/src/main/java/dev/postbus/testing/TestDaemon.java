package dev.postbus.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server from Debian's packages that a test needs beside it; it ends with the test's JVM. */
public final class TestDaemon implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Process process;
  private final Thread atExit;

  private TestDaemon(Process process) {
    this.process = process;
    this.atExit = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * Starts one and waits until it takes connections on loopback.
   *
   * @param log where its output goes
   * @param port what it listens on, by TCP
   */
  public static TestDaemon start(
      List<String> command, Map<String, String> environment, Path log, int port)
      throws IOException, InterruptedException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    return start(command, environment, log, address);
  }

  /**
   * Starts one and waits until it takes connections.
   *
   * @param log where its output goes
   * @param address what it listens on, by TCP
   */
  public static TestDaemon start(
      List<String> command, Map<String, String> environment, Path log, InetSocketAddress address)
      throws IOException, InterruptedException {
    return start(command, environment, log, () -> answers(address));
  }

  /** Whether a server takes connections. */
  @FunctionalInterface
  public interface Probe {
    /** Looks once. */
    boolean answers() throws IOException, InterruptedException;
  }

  /**
   * Starts one and waits until a probe says that it serves.
   *
   * @param log where its output goes
   */
  public static TestDaemon start(
      List<String> command, Map<String, String> environment, Path log, Probe probe)
      throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    var daemon = new TestDaemon(builder.start());
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!probe.answers()) {
      if (!daemon.process.isAlive() || System.nanoTime() > deadline) {
        daemon.close();
        throw new IOException(
            command.getFirst()
                + " does not serve: "
                + Files.readString(log, StandardCharsets.ISO_8859_1));
      }
      Thread.sleep(Duration.ofMillis(20));
    }
    return daemon;
  }

  private static boolean answers(InetSocketAddress address) {
    try (var socket = new Socket()) {
      socket.connect(address, 500);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException shuttingDown) {
      process.destroyForcibly();
    }
  }
}
