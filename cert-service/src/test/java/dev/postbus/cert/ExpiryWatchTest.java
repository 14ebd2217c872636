package dev.postbus.cert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.broker.EmbeddedBroker;
import dev.postbus.cert.foreign.PemImport;
import dev.postbus.certificates.CertificateStore;
import dev.postbus.events.BusSettings;
import dev.postbus.events.EventBus;
import dev.postbus.events.RelayActivity;
import dev.postbus.events.Topic;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpiryWatchTest {
  @TempDir static Path data;
  private static EmbeddedBroker broker;

  @TempDir Path folder;
  private EventBus bus;
  private CertificateKeeper keeper;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.startOnFreePorts(data);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void start() {
    bus =
        EventBus.open(
            new BusSettings(
                broker.bootstrap(),
                "_relay.test",
                "cert-service-" + folder.getFileName(),
                folder.resolve("outbox"),
                (short) 1));
    var plan = new CertificatePlan.SelfSigned(List.of("_relay.test"));
    keeper =
        new CertificateKeeper(
            new CertificateStore(folder.resolve("certs")),
            new Ledger(folder.resolve("ledger.json")),
            bus,
            plan,
            new PemImport(Clock.systemUTC()),
            Clock.systemUTC());
    keeper.start(plan);
  }

  @AfterEach
  void stop() {
    bus.close();
  }

  @Test
  void whileItHasTimeNothingIsSaid() {
    var watch = watch(Duration.ofDays(8));

    watch.look();

    assertThat(watch.problem()).isEmpty();
    assertThat(told()).isEmpty();
  }

  @Test
  void theLastSevenDaysAreToldOnceOverRestarts() {
    watch(Duration.ofDays(6)).look();
    watch(Duration.ofDays(5)).look();
    var last = watch(Duration.ofDays(-1));
    last.look();

    assertThat(told())
        .singleElement()
        .satisfies(
            event -> {
              var current = keeper.current().orElseThrow();
              assertThat(event.fingerprint()).isEqualTo(current.entry().fingerprint());
              assertThat(event.notAfter()).isEqualTo(end());
              assertThat(event.nextStep()).contains("postbus cert renew");
            });
    assertThat(last.problem().orElseThrow()).startsWith("the certificate expired at ");
    assertThat(last.left().orElseThrow()).isNegative();
  }

  @Test
  void aSuccessorIsToldForItself() throws RefusedCertificate {
    watch(Duration.ofDays(6)).look();
    keeper.renew(true, null);
    watch(Duration.ofDays(6)).look();

    assertThat(told()).hasSize(2);
  }

  private ExpiryWatch watch(Duration beforeTheEnd) {
    var now = Clock.fixed(end().minus(beforeTheEnd), ZoneOffset.UTC);
    return new ExpiryWatch(keeper, bus, folder.resolve("expiring"), now);
  }

  private Instant end() {
    return keeper.current().orElseThrow().stored().leaf().getNotAfter().toInstant();
  }

  private List<RelayActivity.CertExpiring> told() {
    await().atMost(Duration.ofSeconds(20)).until(bus::allSent);
    var found = new CopyOnWriteArrayList<RelayActivity.CertExpiring>();
    try (var reader =
        bus.read(
            Set.of(Topic.RELAY_ACTIVITY),
            Map.of(),
            envelope -> {
              if (envelope.source().equals(bus.source())
                  && envelope.event() instanceof RelayActivity.CertExpiring expiring) {
                found.add(expiring);
              }
            })) {
      reader.caughtUp().orTimeout(20, TimeUnit.SECONDS).join();
    }
    return found;
  }
}
