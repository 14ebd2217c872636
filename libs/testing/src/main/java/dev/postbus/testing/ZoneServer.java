package dev.postbus.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Knot DNS, from Debian's package, as an authoritative name server with zones of a test's own. */
public final class ZoneServer implements AutoCloseable {
  private final TestDaemon daemon;

  private ZoneServer(TestDaemon daemon) {
    this.daemon = daemon;
  }

  /**
   * Starts one.
   *
   * @param folder of its own, made here
   * @param address where it answers, by UDP and TCP: several may share a port on addresses in
   *     127.0.0.0/8
   * @param zones zone files by the zones' names, without a dot at the end
   */
  public static ZoneServer start(Path folder, InetSocketAddress address, Map<String, String> zones)
      throws IOException, InterruptedException {
    var command = command(folder, address, zones);
    return new ZoneServer(TestDaemon.start(command, Map.of(), log(folder), address));
  }

  /** Starts one on an island; else as {@link #start(Path, InetSocketAddress, Map)}. */
  public static ZoneServer start(
      Path folder, InetSocketAddress address, Map<String, String> zones, Island island)
      throws IOException, InterruptedException {
    return new ZoneServer(island.start(command(folder, address, zones), log(folder), address));
  }

  private static Path log(Path folder) {
    return folder.resolve("knot.log");
  }

  private static List<String> command(
      Path folder, InetSocketAddress address, Map<String, String> zones) throws IOException {
    Files.createDirectories(folder);
    var config =
        new StringBuilder(
            """
            server:
              rundir: "%1$s"
              pidfile: "%1$s/knot.pid"
              listen: %2$s@%3$d
              background-workers: 1
              udp-workers: 1
              tcp-workers: 1
            log:
              - target: stderr
                any: info
            database:
              storage: "%1$s"
              journal-db-max-size: 20M
              kasp-db-max-size: 20M
              timer-db-max-size: 20M
            zone:
            """
                .formatted(folder, address.getAddress().getHostAddress(), address.getPort()));
    for (var zone : zones.entrySet()) {
      var file = folder.resolve(zone.getKey() + ".zone");
      Files.writeString(file, zone.getValue());
      config.append(
          """
            - domain: %s
              file: "%s"
              zonefile-sync: -1
          """
              .formatted(zone.getKey(), file));
    }
    var file = Files.writeString(folder.resolve("knot.conf"), config);
    return List.of("/usr/sbin/knotd", "-c", file.toString());
  }

  @Override
  public void close() {
    daemon.close();
  }
}
