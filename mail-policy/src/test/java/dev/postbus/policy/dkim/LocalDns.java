package dev.postbus.policy.dkim;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The real unbound on a loopback port, with zones of the test's own and nothing above them. */
public final class LocalDns implements AutoCloseable {
  private final Process process;

  private LocalDns(Process process) {
    this.process = process;
  }

  /**
   * Starts it and waits until it answers.
   *
   * @param folder for its files
   * @param records lines such as {@code name. TXT "text"}; names in other zones do not exist, but
   *     for those below {@code broken.test}, for which it fails
   */
  public static LocalDns serve(Path folder, int port, List<String> records) throws IOException {
    var text =
        new StringBuilder(
            """
            server:
              interface: 127.0.0.1
              port: %d
              directory: "%s"
              username: ""
              chroot: ""
              pidfile: ""
              use-syslog: no
              logfile: ""
              num-threads: 1
              module-config: "iterator"
              local-zone: "test." static
              local-zone: "broken.test." transparent
            """
                .formatted(port, folder));
    records.forEach(record -> text.append("  local-data: '").append(record).append("'\n"));
    // Loopback is never asked, so that a question fails at once.
    text.append("forward-zone:\n  name: \"broken.test.\"\n  forward-addr: 127.0.0.1@1\n");
    var file = Files.writeString(folder.resolve("unbound.conf"), text);
    var process =
        new ProcessBuilder("/usr/sbin/unbound", "-d", "-p", "-c", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("unbound.log").toFile())
            .start();
    var resolver = new Resolver(port, Duration.ofMillis(500));
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreException(TxtLookup.NoAnswer.class)
        .until(() -> resolver.txt("none.test").isEmpty());
    return new LocalDns(process);
  }

  /** A record with a long text, in strings of at most 255 bytes as DNS has them. */
  public static String txt(String name, String text) {
    return name + ". TXT \"" + String.join("\" \"", text.split("(?<=\\G.{200})")) + "\"";
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
