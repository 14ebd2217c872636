package dev.postbus.mail;

import dev.postbus.testing.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;

/** Another mail server: Postfix's own smtp-sink, which keeps each message in a file. */
final class RemoteServer implements AutoCloseable {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Path folder;
  private final int port;
  private final Process process;

  private RemoteServer(Path folder, int port, Process process) {
    this.folder = folder;
    this.port = port;
    this.process = process;
  }

  static RemoteServer start(Path folder) throws IOException {
    Files.createDirectory(folder);
    // It runs as nobody, who has to get there.
    Files.setPosixFilePermissions(folder.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    var port = FreePort.any();
    var process =
        new ProcessBuilder(
                "/usr/sbin/smtp-sink",
                "-u",
                "nobody",
                "-d",
                folder + "/%M.",
                "127.0.0.1:" + port,
                "10")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolveSibling("smtp-sink.log").toFile())
            .start();
    Awaitility.await()
        .atMost(LONG)
        .ignoreExceptions()
        .until(
            () -> {
              try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
              }
            });
    return new RemoteServer(folder, port, process);
  }

  /**
   * What sends everything here, in plain text, as there is no certificate that could be verified.
   */
  String mainCf() {
    return "default_transport = smtp:[127.0.0.1]:%d\nsmtp_tls_security_level = none\n"
            .formatted(port)
        + "smtp_tls_policy_maps =\n";
  }

  /** Waits for a message that has a text in it, and returns it as it was sent. */
  String await(String text) {
    var found = new AtomicReference<String>();
    Awaitility.await()
        .atMost(LONG)
        .until(
            () -> {
              try (var files = Files.list(folder)) {
                for (var file : files.toList()) {
                  var dump = Files.readString(file, StandardCharsets.ISO_8859_1);
                  if (dump.contains(text) && dump.endsWith("\n\n")) {
                    found.set(dump);
                  }
                }
              }
              return found.get() != null;
            });
    // What comes before is the server's own: the envelope, and a Received field.
    var message = found.get().replaceFirst("(?s).*?\nReceived: [^\n]*\n(\t[^\n]*\n)*", "");
    return message.substring(0, message.length() - 1).replace("\n", "\r\n");
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
