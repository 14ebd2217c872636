package dev.postbus.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Knot DNS, from Debian's package, with one zone that takes updates signed with one key. */
public final class Knot implements AutoCloseable {
  private final TestDaemon daemon;
  private final int port;

  private Knot(TestDaemon daemon, int port) {
    this.daemon = daemon;
    this.port = port;
  }

  /**
   * Starts one on a free port; its files are made in the folder.
   *
   * @param zone its zone
   * @param keyName the key's name
   * @param secret the key, base64, for hmac-sha256
   */
  public static Knot start(Path folder, String zone, String keyName, String secret)
      throws IOException, InterruptedException {
    var port = FreePort.any();
    Files.writeString(
        folder.resolve("knot.zone"),
        """
        $ORIGIN %s.
        $TTL 60
        @ SOA ns.%1$s. admin.%1$s. 1 3600 900 86400 60
        @ NS ns.%1$s.
        ns A 127.0.0.1
        @ A 127.0.0.1
        """
            .formatted(zone));
    Files.createDirectory(folder.resolve("knot-db"));
    var config = folder.resolve("knot.conf");
    Files.writeString(
        config,
        """
        server:
          rundir: "%1$s"
          pidfile: "%1$s/knot.pid"
          listen: 127.0.0.1@%2$d
          background-workers: 1
          udp-workers: 1
          tcp-workers: 1
        log:
          - target: stderr
            any: info
        database:
          storage: "%1$s/knot-db"
          journal-db-max-size: 20M
          kasp-db-max-size: 20M
          timer-db-max-size: 20M
        key:
          - id: %4$s
            algorithm: hmac-sha256
            secret: %5$s
        acl:
          - id: update
            key: %4$s
            action: update
        zone:
          - domain: %3$s
            storage: "%1$s"
            file: "knot.zone"
            acl: update
            zonefile-sync: -1
        """
            .formatted(folder, port, zone, keyName, secret));
    var daemon =
        TestDaemon.start(
            List.of("/usr/sbin/knotd", "-c", config.toString()),
            Map.of(),
            folder.resolve("knot.log"),
            port);
    return new Knot(daemon, port);
  }

  /** Where it answers on loopback, by UDP and TCP. */
  public int port() {
    return port;
  }

  @Override
  public void close() {
    daemon.close();
  }
}
