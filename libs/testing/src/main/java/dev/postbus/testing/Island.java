package dev.postbus.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * An internet of a test's own: loopback addresses where every port is free, a name server instead
 * of the machine's, and certificate authorities that only this test trusts. It is a network and a
 * mount namespace of Linux, see namespaces(7), so nothing of the machine changes. What is to be
 * there is started by {@link #enter}; what listens there cannot be reached from outside.
 */
public final class Island implements AutoCloseable {
  private static final String THERE = "there";

  // Its standard input ends with the test, however that ends.
  private static final String SETTLE =
      """
      set -e
      ip link set lo up
      mount --bind "$0/resolv.conf" /etc/resolv.conf
      mount --bind "$0/authorities.pem" /etc/ssl/certs/ca-certificates.crt
      echo %s
      exec cat
      """
          .formatted(THERE);

  private final Process holder;

  private Island(Process holder) {
    this.holder = holder;
  }

  /**
   * Makes one.
   *
   * @param folder of its own, made here
   * @param nameServer loopback address that programs there ask, on port 53
   * @param authorities certificates that programs there trust, PEM
   * @throws IslandRefused if this machine does not allow it
   */
  public static Island make(Path folder, String nameServer, String authorities)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("resolv.conf"), "nameserver " + nameServer + "\n");
    Files.writeString(folder.resolve("authorities.pem"), authorities);
    var command =
        List.of(
            "unshare",
            "--net",
            "--mount",
            "--propagation",
            "private",
            "sh",
            "-c",
            SETTLE,
            folder.toString());
    var errors = folder.resolve("errors");
    Process holder;
    try {
      holder = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    } catch (IOException e) {
      throw new IslandRefused("an island needs need unshare, of Debian's package util-linux", e);
    }
    var said =
        new BufferedReader(
            new InputStreamReader(holder.getInputStream(), StandardCharsets.US_ASCII));
    if (!THERE.equals(said.readLine())) {
      holder.destroyForcibly().waitFor();
      throw new IslandRefused(
          "this machine allows no network and mount namespaces (needed: root with CAP_SYS_ADMIN, and"
              + " Debian's package iproute2): "
              + Files.readString(errors).strip());
    }
    return new Island(holder);
  }

  /** What stands before a command that is to run there, in the folder where this JVM runs. */
  public List<String> enter() {
    return List.of(
        "nsenter",
        "--target",
        Long.toString(holder.pid()),
        "--net",
        "--mount",
        "--wd=" + Path.of("").toAbsolutePath(),
        "--");
  }

  /** A command as it is to be started to run there. */
  public List<String> entered(List<String> command) {
    var all = new ArrayList<>(enter());
    all.addAll(command);
    return List.copyOf(all);
  }

  /**
   * Starts a server there and waits until it takes connections.
   *
   * @param log where its output goes
   * @param address what it listens on there, by TCP
   */
  public TestDaemon start(List<String> command, Path log, InetSocketAddress address)
      throws IOException, InterruptedException {
    return TestDaemon.start(entered(command), Map.of(), log, () -> answers(address));
  }

  private boolean answers(InetSocketAddress address) throws IOException, InterruptedException {
    var connect =
        "exec 3<>/dev/tcp/%s/%d"
            .formatted(address.getAddress().getHostAddress(), address.getPort());
    var process =
        new ProcessBuilder(entered(List.of("bash", "-c", connect)))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  /** Ends it; what runs there is to be ended before. */
  @Override
  public void close() throws IOException {
    try (OutputStream end = holder.getOutputStream()) {
      end.flush();
    }
    try {
      if (!holder.waitFor(5, TimeUnit.SECONDS)) {
        holder.destroyForcibly();
      }
    } catch (InterruptedException e) {
      holder.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
