package dev.postbus.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Pebble, the ACME authority for tests, from Debian's package. It refuses 5 % of good nonces, as it
 * does by itself, but does not sleep before it looks for a proof.
 */
public final class Pebble implements AutoCloseable {
  /** How it is set up. */
  public static final class Options {
    private int httpPort = 80;
    private int tlsPort = 443;
    private int dnsPort = 53;
    private Duration validity = Duration.ofDays(90);
    private String extra = "";
    private final Map<String, String> environment = new java.util.HashMap<>();

    /** The port that it asks for HTTP-01 proofs. */
    public Options httpPort(int port) {
      httpPort = port;
      return this;
    }

    /** The port that it asks for TLS-ALPN-01 proofs. */
    public Options tlsPort(int port) {
      tlsPort = port;
      return this;
    }

    /** The port on loopback of the DNS server that it asks. */
    public Options dnsPort(int port) {
      dnsPort = port;
      return this;
    }

    /** How long its certificates are valid. */
    public Options validity(Duration time) {
      validity = time;
      return this;
    }

    /** Only accounts bound to one with this key's id and base64url key are taken. */
    public Options binding(String id, String key) {
      extra =
          ",\"externalAccountBindingRequired\":true,\"externalAccountMACKeys\":{\"%s\":\"%s\"}"
              .formatted(id, key);
      return this;
    }

    /** A variable of its environment, such as {@code PEBBLE_AUTHZREUSE}. */
    public Options environment(String name, String value) {
      environment.put(name, value);
      return this;
    }
  }

  private final TestDaemon daemon;
  private final int port;
  private final Path trust;
  private final Path log;

  private Pebble(TestDaemon daemon, int port, Path trust, Path log) {
    this.daemon = daemon;
    this.port = port;
    this.trust = trust;
    this.log = log;
  }

  /** Starts one on a free port; its files are made in the folder. */
  public static Pebble start(Path folder, Options options) throws Exception {
    return start(folder, FreePort.any(), options);
  }

  /** Starts one on a port; the key of its server is made once for a folder. */
  public static Pebble start(Path folder, int port, Options options) throws Exception {
    var trust = folder.resolve("pebble.pem");
    var key = folder.resolve("pebble.key");
    if (!Files.exists(trust)) {
      var made = MadeKey.in(folder.resolve("pebble.p12"), "localhost");
      made.writeCertificate(trust);
      var body =
          Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(made.key().getEncoded());
      Files.writeString(
          key, "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n");
    }
    var config = folder.resolve("pebble.json");
    Files.writeString(
        config,
        """
        {"pebble":{"listenAddress":"127.0.0.1:%d","managementListenAddress":"127.0.0.1:%d",
        "certificate":"%s","privateKey":"%s","httpPort":%d,"tlsPort":%d,
        "certificateValidityPeriod":%d%s}}
        """
            .formatted(
                port,
                FreePort.any(),
                trust,
                key,
                options.httpPort,
                options.tlsPort,
                options.validity.toSeconds(),
                options.extra));
    var environment = new java.util.HashMap<>(Map.of("PEBBLE_VA_NOSLEEP", "1"));
    environment.putAll(options.environment);
    var log = folder.resolve("pebble.log");
    var daemon =
        TestDaemon.start(
            List.of(
                "/usr/bin/pebble",
                "-config",
                config.toString(),
                "-dnsserver",
                "127.0.0.1:" + options.dnsPort),
            environment,
            log,
            port);
    return new Pebble(daemon, port, trust, log);
  }

  /** Its directory. */
  public URI directory() {
    return URI.create("https://localhost:" + port + "/dir");
  }

  /** The port of its directory. */
  public int port() {
    return port;
  }

  /** PEM file of what its server is trusted by. */
  public Path trust() {
    return trust;
  }

  /** What it wrote so far. */
  public String log() throws IOException {
    return Files.readString(log, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    daemon.close();
  }
}
