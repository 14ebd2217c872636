package dev.postbus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A second mail-policy, of the same program, JVM options and user as that of a running stack, in a
 * temporary folder and on free ports, with another server behind its filters.
 */
final class LonePolicy implements AutoCloseable {
  private static final Duration LONGEST_START = Duration.ofSeconds(30);

  private final Process process;
  private final Path folder;
  private final LonePolicySettings.Ports ports;

  private LonePolicy(Process process, Path folder, LonePolicySettings.Ports ports) {
    this.process = process;
    this.folder = folder;
    this.ports = ports;
  }

  /**
   * Starts it; returns when it serves.
   *
   * @param model the stack's own
   * @param state the stack's folder
   * @param next port that the filters hand on to
   */
  static LonePolicy start(PolicyProcess model, Path state, int next) throws IOException {
    var folder = Files.createTempDirectory("postbus-policy-");
    try {
      var ports = freePorts(next);
      var template = Files.readAllBytes(model.settings());
      var file =
          Files.write(folder.resolve("policy.json"), settings(state, folder, ports, template));
      for (var part : List.of("mailboxes", "policy")) {
        Files.createDirectories(folder.resolve(part));
      }
      var user = Rest.JSON.readTree(template);
      give(folder, user);
      var command = new ArrayList<>(List.of("setpriv", "--clear-groups"));
      command.addAll(List.of("--reuid", user.path("uid").asText()));
      command.addAll(List.of("--regid", user.path("gid").asText()));
      command.addAll(model.command().subList(0, model.command().size() - 1));
      command.add(file.toString());
      var log = folder.resolve("log").toFile();
      var process =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
      var policy = new LonePolicy(process, folder, ports);
      policy.awaitReady();
      return policy;
    } catch (IOException e) {
      delete(folder);
      throw e;
    }
  }

  private static byte[] settings(
      Path state, Path folder, LonePolicySettings.Ports ports, byte[] template) throws IOException {
    return new LonePolicySettings(state, folder, ports).of(template);
  }

  /** Its filter of outgoing mail. */
  int outgoingPort() {
    return ports.outgoing();
  }

  long pid() {
    return process.pid();
  }

  private void awaitReady() throws IOException {
    var deadline = System.nanoTime() + LONGEST_START.toNanos();
    while (!listens(ports.control())) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        var words = Files.readString(folder.resolve("log")).strip();
        close();
        throw new IOException("a second mail-policy does not start: " + words);
      }
      StackControl.pause(Duration.ofMillis(20));
    }
  }

  private static boolean listens(int port) {
    try (var probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return probe.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  private static LonePolicySettings.Ports freePorts(int next) throws IOException {
    try (var outgoing = new ServerSocket(0);
        var incoming = new ServerSocket(0);
        var control = new ServerSocket(0)) {
      return new LonePolicySettings.Ports(
          outgoing.getLocalPort(), incoming.getLocalPort(), control.getLocalPort(), next);
    }
  }

  private static void give(Path folder, JsonNode user) throws IOException {
    try (var walk = Files.walk(folder)) {
      for (var path : walk.toList()) {
        Files.setAttribute(path, "unix:uid", user.path("uid").asInt());
        Files.setAttribute(path, "unix:gid", user.path("gid").asInt());
      }
    }
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    delete(folder);
  }

  private static void delete(Path folder) throws IOException {
    try (var walk = Files.walk(folder)) {
      for (var path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
