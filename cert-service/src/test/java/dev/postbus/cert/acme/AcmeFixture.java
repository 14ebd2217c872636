package dev.postbus.cert.acme;

import dev.postbus.events.BusSettings;
import dev.postbus.events.Envelope;
import dev.postbus.events.EventBus;
import dev.postbus.events.RelayActivity;
import dev.postbus.events.RelayEvent;
import dev.postbus.testing.Pebble;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A keeper on the real pebble and the real broker, looked at step by step on a clock of its own.
 */
@ExtendWith(AcmeServers.class)
abstract class AcmeFixture {
  static final List<String> NAMES = List.of("relay.test", "www.relay.test", "mta-sts.relay.test");
  static final Need NEED = new Need(NAMES, "admin@relay.test");

  @TempDir Path folder;
  final AcmeServers.Running servers = AcmeServers.running();
  final MovedClock clock = new MovedClock();
  final HttpTokens tokens = new HttpTokens();
  final MemoryHome home = new MemoryHome(this::bus);
  final Map<String, String> settings = new HashMap<>();
  HttpResponder responder;
  EventBus bus;

  @BeforeEach
  void open() throws Exception {
    bus = openBus();
    responder = HttpResponder.start(servers.httpPort(), tokens);
    Files.createDirectory(acmeFolder());
    new Budget(acmeFolder()).restore(new Budget.Spent(List.of(), List.of()));
    ask(servers.pebble().directory().toString(), servers.pebble().trust());
    settings.put("resolver", "127.0.0.1:" + servers.dns().port());
    settings.put("http-port", "" + servers.httpPort());
    settings.put("web", "127.0.0.1:" + servers.httpPort());
  }

  /** Another authority, with the server key of the first. */
  Pebble pebble(Pebble.Options options) throws Exception {
    for (var file : List.of("pebble.pem", "pebble.key")) {
      Files.copy(servers.folder().resolve(file), folder.resolve(file));
    }
    return Pebble.start(folder, options);
  }

  @AfterEach
  void close() {
    responder.close();
    bus.close();
  }

  private EventBus bus() {
    return bus;
  }

  EventBus openBus() {
    return EventBus.open(
        new BusSettings(
            servers.broker().bootstrap(),
            "relay.test",
            "cert-service-" + folder.getFileName(),
            folder.resolve("outbox"),
            (short) 1));
  }

  /** The authority to ask. */
  void ask(String directory, Path trust) {
    settings.put("directory", directory);
    settings.put("trust", trust.toString());
  }

  FaultyCa faulty() throws Exception {
    var proxy = FaultyCa.before(servers.pebble(), servers.proxyKey(), folder);
    ask(proxy.directory().toString(), proxy.trust());
    return proxy;
  }

  AcmeKeeper keeper() {
    return keeper(NEED);
  }

  AcmeKeeper keeper(Need need) {
    var keeper =
        new AcmeKeeper(
            acmeFolder(),
            AcmeSettings.of(
                name -> Optional.ofNullable(settings.get(name.replace("postbus.acme.", "")))),
            tokens,
            home,
            bus,
            clock);
    keeper.follow(need, "because");
    return keeper;
  }

  Path acmeFolder() {
    return folder.resolve("acme");
  }

  /** One look; where the count of what was ordered is lost, the log is read before. */
  static Instant step(AcmeKeeper keeper, Path acmeFolder) throws InterruptedException {
    var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!Files.exists(acmeFolder.resolve("budget.json")) && System.nanoTime() < deadline) {
      keeper.readHistory();
      Thread.sleep(20);
    }
    return keeper.step();
  }

  Instant step(AcmeKeeper keeper) throws InterruptedException {
    return step(keeper, acmeFolder());
  }

  List<Envelope<RelayEvent>> published() {
    return servers.activity().of(bus);
  }

  <T> List<T> published(Class<T> kind) {
    return published().stream()
        .map(Envelope::event)
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  List<RelayActivity.CertIssueFailed> failures() {
    return published(RelayActivity.CertIssueFailed.class);
  }

  List<RelayActivity.CertOrderBegun> orders() {
    return published(RelayActivity.CertOrderBegun.class);
  }
}
