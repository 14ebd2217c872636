package dev.postbus.dns.check;

import dev.postbus.dns.wanted.Relays;
import dev.postbus.dns.wanted.WantedRecord;
import dev.postbus.dns.wanted.WantedRecords;
import dev.postbus.dns.zone.ZoneText;
import dev.postbus.testing.FreePort;
import dev.postbus.testing.TestDaemon;
import dev.postbus.testing.ZoneServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The zone {@code test} with its name server, the real Knot on 127.0.0.1, which delegates {@code
 * relay.test} to ns1, ns2 and so on, on the addresses that follow, all on one port; and a real
 * resolver, Unbound, that knows both.
 */
final class NameServers implements AutoCloseable {
  static final String DOMAIN = "relay.test";
  static final List<WantedRecord> WANTED = WantedRecords.of(Relays.complete(DOMAIN));

  /** What {@code dns zone} prints. */
  static final String PRINTED = ZoneText.of(WANTED, List.of());

  private final Path folder;
  private final int port = FreePort.any();
  private final List<Runnable> running = new ArrayList<>();
  private final int resolver;

  /** Starts the zone above and the resolver; relay.test is delegated to so many servers. */
  NameServers(Path folder, int delegated) throws IOException, InterruptedException {
    this.folder = folder;
    var delegation =
        IntStream.rangeClosed(1, delegated)
            .mapToObj(
                i -> "relay NS ns%1$d.relay\nns%1$d.relay A 127.0.0.%2$d\n".formatted(i, i + 1))
            .collect(Collectors.joining());
    serve(
        "above",
        address(0),
        Map.of(
            "test",
            "$ORIGIN test.\n$TTL 60\n@ SOA ns a 1 3600 900 86400 60\n@ NS ns\nns A 127.0.0.1\n"
                + delegation));
    resolver = FreePort.any();
    var config = Files.writeString(folder.resolve("unbound.conf"), unbound());
    var unbound =
        TestDaemon.start(
            List.of("/usr/sbin/unbound", "-d", "-p", "-c", config.toString()),
            Map.of(),
            folder.resolve("unbound.log"),
            resolver);
    running.add(unbound::close);
  }

  private String unbound() {
    return """
    server:
      interface: 127.0.0.1
      port: %d
      username: ""
      chroot: ""
      directory: "%s"
      use-syslog: no
      do-not-query-localhost: no
      module-config: "iterator"
      local-zone: "test." nodefault
    remote-control:
      control-enable: no
    stub-zone:
      name: "test"
      stub-addr: 127.0.0.1@%d
    stub-zone:
      name: "relay.test"
      stub-addr: 127.0.0.2@%d
    """
        .formatted(resolver, folder, port, port);
  }

  /** Where the n-th server of the zone is; 0 is that of the zone above. */
  InetSocketAddress address(int number) throws IOException {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0." + (number + 1)), port);
  }

  /** A zone file for relay.test. */
  static String zone(String records) {
    return """
    $ORIGIN relay.test.
    $TTL 60
    @ SOA hidden a 1 3600 900 86400 60
    @ NS ns1
    @ NS ns2
    ns1 A 127.0.0.2
    ns2 A 127.0.0.3
    hidden A 127.0.0.9
    """
        + records;
  }

  /** Has the n-th server of relay.test serve these records. */
  void serve(int number, String records) throws IOException, InterruptedException {
    serve("ns" + number, address(number), Map.of(DOMAIN, zone(records)));
  }

  /** Has the n-th server serve another zone than the relay's. */
  void serveAnother(int number) throws IOException, InterruptedException {
    serve(
        "ns" + number,
        address(number),
        Map.of("other.test", zone("").replace("relay.test", "other.test")));
  }

  private void serve(String name, InetSocketAddress address, Map<String, String> zones)
      throws IOException, InterruptedException {
    running.add(ZoneServer.start(folder.resolve(name), address, zones)::close);
  }

  Report check() throws NoZone, InterruptedException {
    var through = new InetSocketAddress(InetAddress.getLoopbackAddress(), resolver);
    return new DnsCheck(Optional.of(through), port).run(DOMAIN, WANTED);
  }

  @Override
  public void close() {
    running.forEach(Runnable::run);
  }
}
