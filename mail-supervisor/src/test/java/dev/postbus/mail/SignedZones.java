package dev.postbus.mail;

import static org.awaitility.Awaitility.await;

import dev.postbus.testing.FreePort;
import dev.postbus.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * An authoritative name server of Debian's, Knot, with zones that it has signed (RFC 4035). They
 * are signed first and served afterwards, so that a test can change what was signed.
 */
final class SignedZones implements AutoCloseable {
  private static final Duration LONG = Duration.ofSeconds(30);
  // The digest of the zone's key, as it is meant for the zone above (RFC 7344).
  private static final Pattern DIGEST =
      Pattern.compile("(?m)^\\S+\\s+\\d+\\s+CDS\\s+(\\d+ 13 2 [0-9A-F]{64})$");

  private final TestDaemon server;
  private final int port;
  // By zone; empty for one that is not signed.
  private final Map<String, String> anchors;

  private SignedZones(TestDaemon server, int port, Map<String, String> anchors) {
    this.server = server;
    this.port = port;
    this.anchors = anchors;
  }

  /**
   * A zone to serve.
   *
   * @param name without the last dot
   * @param records lines of a zone file, beside those of the zone itself
   * @param signed whether it is signed
   * @param forgery what is done to the signed zone's text before it is served
   */
  record Zone(String name, List<String> records, boolean signed, UnaryOperator<String> forgery) {
    static Zone signed(String name, String... records) {
      return new Zone(name, List.of(records), true, UnaryOperator.identity());
    }

    static Zone unsigned(String name, String... records) {
      return new Zone(name, List.of(records), false, UnaryOperator.identity());
    }

    Zone forged(String signedText, String servedText) {
      return new Zone(
          name,
          records,
          signed,
          zone -> {
            if (!zone.contains(signedText)) {
              throw new IllegalStateException("not in the zone: " + signedText);
            }
            return zone.replace(signedText, servedText);
          });
    }

    private String text() {
      return """
          @ 60 SOA ns admin 1 3600 600 86400 60
          @ 60 NS ns
          ns 60 A 127.0.0.1
          """
          + String.join("\n", records)
          + "\n";
    }

    private Path file(Path folder) {
      return folder.resolve(name + ".zone");
    }
  }

  /** Signs the zones and serves them on a loopback port. */
  static SignedZones serve(Path folder, Zone... zones) throws IOException, InterruptedException {
    Files.createDirectory(folder.resolve("keys"));
    var anchors = new LinkedHashMap<String, String>();
    for (var zone : zones) {
      Files.writeString(zone.file(folder), "$ORIGIN " + zone.name() + ".\n" + zone.text());
    }
    try (var _ = start(folder, FreePort.any(), true, zones)) {
      for (var zone : zones) {
        if (zone.signed()) {
          await().atMost(LONG).until(() -> DIGEST.matcher(read(zone.file(folder))).find());
        }
      }
    }
    for (var zone : zones) {
      var text = read(zone.file(folder));
      var digest = DIGEST.matcher(text);
      anchors.put(zone.name(), digest.find() ? zone.name() + ". DS " + digest.group(1) : "");
      Files.writeString(zone.file(folder), zone.forgery().apply(text));
    }
    var port = FreePort.any();
    return new SignedZones(start(folder, port, false, zones), port, anchors);
  }

  private static TestDaemon start(Path folder, int port, boolean sign, Zone... zones)
      throws IOException, InterruptedException {
    var text =
        new StringBuilder(
            """
            server:
                rundir: "%1$s"
                listen: 127.0.0.1@%2$d
            log:
              - target: stdout
                any: info
            database:
                storage: "%1$s/keys"
            zone:
            """
                .formatted(folder, port));
    for (var zone : zones) {
      text.append(
          """
            - domain: %s
              file: "%s"
              zonefile-sync: %d
              dnssec-signing: %s
          """
              .formatted(
                  zone.name(),
                  zone.file(folder),
                  sign ? 0 : -1,
                  sign && zone.signed() ? "on" : "off"));
    }
    var file = Files.writeString(folder.resolve("knot.conf"), text);
    return TestDaemon.start(
        List.of("/usr/sbin/knotd", "-c", file.toString()),
        Map.of(),
        folder.resolve("knot.log"),
        port);
  }

  /**
   * What a resolver needs, in Unbound's words, to ask this server about its zones and to trust
   * their keys.
   *
   * @param lame a zone that it is to be asked about too, and does not know
   */
  String unbound(String lame) {
    var server = new StringBuilder("server:\n  do-not-query-localhost: no\n");
    // The name is reserved (RFC 6761), so Unbound has an answer of its own.
    server.append("  local-zone: \"test.\" nodefault\n");
    var stubs = new StringBuilder();
    anchors.forEach(
        (zone, anchor) -> {
          server.append(
              anchor.isEmpty()
                  ? "  domain-insecure: \"" + zone + "\"\n"
                  : "  trust-anchor: \"" + anchor + "\"\n");
          stubs.append(stub(zone));
        });
    return server + "  domain-insecure: \"" + lame + "\"\n" + stubs + stub(lame);
  }

  private String stub(String zone) {
    return "stub-zone:\n  name: \"%s\"\n  stub-addr: 127.0.0.1@%d\n".formatted(zone, port);
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file);
  }

  @Override
  public void close() {
    server.close();
  }
}
