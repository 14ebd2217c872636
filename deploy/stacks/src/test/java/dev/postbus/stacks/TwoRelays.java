package dev.postbus.stacks;

import dev.postbus.bench.certs.MadePair;
import dev.postbus.testing.Island;
import dev.postbus.testing.TestDaemon;
import dev.postbus.testing.ZoneServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Two relays on an island with one name server, each at an address of its own and there on the
 * ports that everybody knows. One signs its certificate itself, as its domain begins with an
 * underscore; the other has one from an authority that everybody there trusts.
 */
final class TwoRelays implements AutoCloseable {
  static final String SELF_SIGNED = "_one.test";
  static final String VOUCHED_FOR = "two.test";

  private static final String NAMES = "127.0.0.4";
  private static final List<Integer> PORTS = List.of(25, 80, 143, 443, 465, 587, 993);

  private record Relay(Cli cli, String domain, String address, int offset) {}

  private final Path folder;
  private final Island island;
  private final List<Relay> relays = new ArrayList<>();
  private final Map<String, String> zones = new LinkedHashMap<>();
  private final List<TestDaemon> doors = new ArrayList<>();
  private @Nullable ZoneServer names;
  private int served;

  private TwoRelays(Path folder, Island island) {
    this.folder = folder;
    this.island = island;
  }

  /**
   * Starts both.
   *
   * @param folder that everybody may enter
   */
  static TwoRelays start(Path folder) throws Exception {
    var work = Files.createDirectory(folder.resolve("authority"));
    var authority = new MadePair.Maker(work);
    var island =
        Island.make(folder.resolve("island"), NAMES, Files.readString(work.resolve("ca.pem")));
    var both = new TwoRelays(folder, island);
    try {
      both.startRelays(authority.pair(VOUCHED_FOR));
      for (var relay : both.relays) {
        both.zones.put(relay.domain(), zone(relay));
        both.doors.add(both.door(relay));
      }
      both.serveNames((zone, records) -> records);
      return both;
    } catch (Exception e) {
      both.close();
      throw e;
    }
  }

  private void startRelays(MadePair pair) throws Exception {
    var certificate = Files.writeString(folder.resolve("two.pem"), pair.chain());
    var key = Files.writeString(folder.resolve("two.key"), pair.key());
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    relays.add(new Relay(stack("one", Map.of()), SELF_SIGNED, "127.0.0.2", 1_000));
    var external = Map.of("TLS_EXTERNAL_CERT_AND_KEY", certificate + " " + key);
    relays.add(new Relay(stack("two", external), VOUCHED_FOR, "127.0.0.3", 11_500));
    for (var relay : relays) {
      up(relay);
    }
  }

  private Cli stack(String name, Map<String, String> environment) throws IOException {
    var stack = new Cli(LocalRelay.checkout(), folder.resolve(name), environment).on(island);
    var resolver = Files.createDirectories(stack.state().resolve("mail/unbound/local.d"));
    Files.writeString(
        resolver.resolve("island.conf"),
        """
        server:
          do-not-query-localhost: no
          # The name is reserved (RFC 6761), so Unbound has an answer of its own.
          local-zone: "test." nodefault
          domain-insecure: "test."
        stub-zone:
          name: "%s"
          stub-addr: %s
        stub-zone:
          name: "%s"
          stub-addr: %2$s
        """
            .formatted(SELF_SIGNED, NAMES, VOUCHED_FOR));
    return stack;
  }

  private static void up(Relay relay) throws IOException, InterruptedException {
    var up =
        relay
            .cli()
            .run(
                "up",
                "--detach",
                "--shape",
                "together",
                "--domain",
                relay.domain(),
                "--port-offset",
                "" + relay.offset());
    if (up.exitCode() != 0) {
      throw new IOException(up.output());
    }
  }

  /** What the relay itself says is to be in DNS, to be remembered by nobody. */
  private static String zone(Relay relay) throws IOException, InterruptedException {
    var printed = relay.cli().run("dns", "zone", "--ipv4", relay.address());
    if (printed.exitCode() != 0) {
      throw new IOException(printed.output());
    }
    return "$ORIGIN %s.\n@ 0 SOA ns a 1 3600 900 86400 0\n@ 0 NS ns\nns 0 A %s\n"
            .formatted(relay.domain(), NAMES)
        + printed.output().replaceAll("(?m)^(\\S+ +)\\d+ IN ", "$1 0 IN ");
  }

  /** What stands between the ports that everybody knows and those of the stack. */
  private TestDaemon door(Relay relay) throws IOException, InterruptedException {
    var config =
        new StringBuilder(
            """
            load_module /usr/lib/nginx/modules/ngx_stream_module.so;
            daemon off;
            master_process off;
            pid %s;
            events { worker_connections 512; }
            stream {
            """
                .formatted(folder.resolve(relay.domain() + ".pid")));
    for (var port : PORTS) {
      // Those with the offset, too: they are what the relay tells mail programs.
      for (var open : List.of(port, port + relay.offset())) {
        config.append(
            "server { listen %s:%d; proxy_pass 127.0.0.1:%d; }\n"
                .formatted(relay.address(), open, port + relay.offset()));
      }
    }
    var file = Files.writeString(folder.resolve(relay.domain() + ".conf"), config.append("}\n"));
    return island.start(
        List.of("/usr/sbin/nginx", "-p", folder.toString(), "-c", file.toString(), "-e", "stderr"),
        folder.resolve(relay.domain() + ".log"),
        new InetSocketAddress(InetAddress.getByName(relay.address()), PORTS.getFirst()));
  }

  /**
   * Puts other records into DNS.
   *
   * @param change makes of a domain and the lines of its zone those to serve
   */
  void serveNames(BinaryOperator<String> change) throws IOException, InterruptedException {
    if (names != null) {
      names.close();
    }
    var changed = new LinkedHashMap<>(zones);
    changed.replaceAll(change);
    names =
        ZoneServer.start(
            folder.resolve("names-" + served++),
            new InetSocketAddress(InetAddress.getByName(NAMES), 53),
            changed,
            island);
  }

  /** The records of a relay, as it wants them. */
  String recordsOf(String domain) {
    return Objects.requireNonNull(zones.get(domain), domain);
  }

  /** What the daemons of a relay have said so far. */
  List<String> linesOf(String domain) throws IOException {
    for (var relay : relays) {
      if (relay.domain().equals(domain)) {
        var log = relay.cli().state().resolve("log/together.log");
        return Files.readAllLines(log, StandardCharsets.ISO_8859_1);
      }
    }
    throw new IllegalArgumentException("there is no " + domain);
  }

  Island island() {
    return island;
  }

  @Override
  public void close() throws IOException {
    try {
      for (var relay : relays) {
        relay.cli().run("down");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    doors.forEach(TestDaemon::close);
    if (names != null) {
      names.close();
    }
    island.close();
  }
}
