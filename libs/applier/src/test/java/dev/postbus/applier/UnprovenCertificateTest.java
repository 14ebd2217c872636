package dev.postbus.applier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.broker.EmbeddedBroker;
import dev.postbus.certificates.CertificateStore;
import dev.postbus.certificates.StoredCertificate;
import dev.postbus.certificates.TlsProbe;
import dev.postbus.events.BusSettings;
import dev.postbus.events.CertChanged;
import dev.postbus.events.CertMode;
import dev.postbus.events.CertReason;
import dev.postbus.events.ConfigChanged;
import dev.postbus.events.EventBus;
import dev.postbus.events.RelayActivity;
import dev.postbus.events.RelayEvent;
import dev.postbus.events.RelayFollower;
import dev.postbus.events.Topic;
import dev.postbus.supervision.ProcessDescription;
import dev.postbus.supervision.ProcessStatus;
import dev.postbus.supervision.Rollout;
import dev.postbus.supervision.Supervisor;
import dev.postbus.supervision.SupervisorListener;
import dev.postbus.testing.FreePort;
import dev.postbus.testing.MadeKey;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A relay of one daemon, whose listener comes up long after it should have been seen to serve. */
class UnprovenCertificateTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String DOMAIN = "relay.test";

  @TempDir Path folder;
  private final List<RelayEvent> heard = new CopyOnWriteArrayList<>();
  private EmbeddedBroker broker;
  private EventBus writer;
  private EventBus bus;
  private CertificateStore store;
  private MadeKey made;
  private int port;
  private Running running;

  /** An applier with what it needs, as a service has it. */
  private record Running(ChangeApplier applier, RelayFollower follower, Supervisor supervisor) {
    void close() {
      follower.close();
      applier.close();
      supervisor.close();
    }
  }

  /** Takes everything up. */
  private record Willing(String name) implements Daemon {
    @Override
    public Optional<String> problem(Path rendered) {
      return Optional.empty();
    }

    @Override
    public String takeUp(Optional<Path> before, Path now) {
      return "reloaded";
    }
  }

  @BeforeEach
  void start() throws Exception {
    broker = EmbeddedBroker.startOnFreePorts(folder.resolve("bus"));
    writer = open("writer");
    bus = open("mail-supervisor");
    bus.read(Set.of(Topic.RELAY_ACTIVITY), Map.of(), e -> heard.add(e.event()));
    made = MadeKey.in(folder.resolve("made.p12"), DOMAIN);
    store = new CertificateStore(folder.resolve("certs"));
    store.prepare();
    port = FreePort.any();
    running = run();
  }

  @AfterEach
  void stop() {
    running.close();
    bus.close();
    writer.close();
    broker.close();
  }

  @Test
  void atTheFirstStartItIsProvenOnceTheListenerServesIt() throws Exception {
    announce();
    await().atMost(LONG).until(() -> rejections() > 0);
    assertThat(running.follower().appliedCert()).isEmpty();

    try (var listener = listen()) {
      await().atMost(LONG).until(() -> running.follower().appliedCert().isPresent());
      assertThat(listener.isClosed()).isFalse();
    }

    await().atMost(LONG).until(() -> applied() == 1);
    assertThat(rejections()).as("the same failure is told once").isEqualTo(1);
  }

  @Test
  void aRestartDoesNotForgetIt() throws Exception {
    // Given a service that ends with a certificate that it never saw served
    announce();
    await().atMost(LONG).until(() -> rejections() > 0);
    await().atMost(LONG).until(() -> running.follower().caughtUp());
    running.close();

    // When it starts again, and the listener serves by then
    try (var listener = listen()) {
      running = run();

      // Then it is proven, though nobody has told of it again
      await().atMost(LONG).until(() -> running.follower().appliedCert().isPresent());
      assertThat(listener.isClosed()).isFalse();
    }
  }

  private Running run() {
    var supervisor =
        new Supervisor(
            List.of(ProcessDescription.named("one").command("sleep", "1000").build()),
            new SupervisorListener() {
              @Override
              public void transition(ProcessStatus before, ProcessStatus after) {}

              @Override
              public void line(String process, String line) {}
            },
            folder.resolve("run"),
            Clock.systemUTC());
    var daemons =
        new DaemonRollout(
            List.of(new Willing("one")),
            (configuration, certificate, into) -> {
              Files.createDirectory(into.resolve("one"));
              Files.writeString(into.resolve("one/file"), certificate.folder().toString());
            },
            new Rollout(folder.resolve("rendered")),
            supervisor);
    var applier =
        new ChangeApplier(
            bus,
            daemons,
            store,
            List.of(new TlsListener("https", port, TlsProbe.Protocol.TLS)),
            InetAddress.getLoopbackAddress(),
            Clock.systemUTC(),
            new Retries(Duration.ofMillis(100), Duration.ofMillis(100)),
            Duration.ofMillis(200));
    var follower = new RelayFollower(bus, folder.resolve("applied.json"), applier);
    applier.follow(follower);
    applier.startAsBefore();
    follower.start();
    return new Running(applier, follower, supervisor);
  }

  private void announce() throws Exception {
    var certificate = made.certificate();
    store.switchLive(store.write(List.of(certificate), made.key()));
    writer.publish(
        new ConfigChanged(
            1,
            Map.of("mail_domain", DOMAIN),
            List.of(),
            "00".repeat(32),
            "startup",
            null,
            Map.of()),
        null);
    writer.publish(
        new CertChanged(
            1,
            List.of(DOMAIN),
            StoredCertificate.fingerprint(certificate),
            "1f",
            "CN=made",
            certificate.getNotBefore().toInstant(),
            certificate.getNotAfter().toInstant(),
            CertMode.EXTERNAL,
            CertReason.ISSUED),
        null);
  }

  private SSLServerSocket listen() throws Exception {
    var listener =
        (SSLServerSocket)
            made.serverTls()
                .getServerSocketFactory()
                .createServerSocket(port, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(() -> serve(listener));
    return listener;
  }

  private static void serve(SSLServerSocket listener) {
    while (!listener.isClosed()) {
      try (var client = (SSLSocket) listener.accept()) {
        client.startHandshake();
      } catch (IOException goneOrClosed) {
        // The next one, or the end.
      }
    }
  }

  private long rejections() {
    return heard.stream().filter(RelayActivity.CertRejected.class::isInstance).count();
  }

  private long applied() {
    return heard.stream().filter(RelayActivity.CertApplied.class::isInstance).count();
  }

  private EventBus open(String service) {
    return EventBus.open(
        new BusSettings(broker.bootstrap(), DOMAIN, service, folder.resolve(service), (short) 1));
  }
}
