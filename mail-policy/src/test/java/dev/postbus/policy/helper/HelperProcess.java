package dev.postbus.policy.helper;

import dev.postbus.policy.HelperMain;
import dev.postbus.testing.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** A helper as a process of its own, on a port of its own. */
public final class HelperProcess implements AutoCloseable {
  private final int port = FreePort.any();
  private Process process;

  /** One that does not run yet. */
  public HelperProcess() throws IOException {}

  /** Where it is. */
  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** Starts it; it needs a moment until it serves. */
  public HelperProcess start(Path folder) throws IOException {
    process =
        new ProcessBuilder(
                List.of(
                    ProcessHandle.current().info().command().orElseThrow(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xmx32m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    HelperMain.class.getName(),
                    Integer.toString(port)))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("helper-" + port).toFile())
            .start();
    return this;
  }

  /** Kills it with signal 9; returns when it is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Has it hang: its connections stay, and nothing is answered any more. */
  public void hang() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Has it go on after that. */
  public void goOn() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    var kill = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start();
    if (kill.waitFor() != 0) {
      throw new IOException("cannot send it " + name);
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
