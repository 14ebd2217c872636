package dev.postbus.web;

import dev.postbus.applier.ChangeApplier;
import dev.postbus.applier.ChangePlan;
import dev.postbus.applier.DaemonRollout;
import dev.postbus.applier.ProcessReporter;
import dev.postbus.applier.ServiceStatus;
import dev.postbus.certificates.CertificateStore;
import dev.postbus.events.BusSettings;
import dev.postbus.events.EventBus;
import dev.postbus.events.RelayConfiguration;
import dev.postbus.events.RelayFollower;
import dev.postbus.supervision.Rollout;
import dev.postbus.supervision.Supervisor;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Puts the parts of this service together and ties them to the process's life. */
@ApplicationScoped
class WebService {
  private final EventBus bus;
  private final ProcessReporter reporter;
  private final Supervisor supervisor;
  private final ChangeApplier applier;
  private final RelayFollower follower;
  private final AccountOffer offer;

  WebService(
      @ConfigProperty(name = "postbus.state") Path state,
      @ConfigProperty(name = "postbus.bus", defaultValue = "127.0.0.1:9092") String bootstrap,
      @ConfigProperty(name = "postbus.replication", defaultValue = "1") short replication,
      @ConfigProperty(name = "postbus.port-offset", defaultValue = "0") int portOffset,
      @ConfigProperty(name = "postbus.bind", defaultValue = "*") String bind,
      @ConfigProperty(name = "quarkus.http.port", defaultValue = "9104") int apiPort,
      @ConfigProperty(name = "postbus.cert-http", defaultValue = "127.0.0.1:9102") String certHttp,
      @ConfigProperty(name = "postbus.cert-tls", defaultValue = "127.0.0.1:9107") String certTls,
      @ConfigProperty(name = "postbus.mail-host", defaultValue = "127.0.0.1") String mailHost,
      @ConfigProperty(name = "mail.domain") String domain)
      throws IOException {
    var ports = new WebPorts(portOffset);
    var responder = new WebSettings.AcmeResponder(certHttp, certTls);
    var settings = new WebSettings(state, bind, ports, apiPort, responder, mailHost);
    Files.createDirectories(settings.run());
    offer = new AccountOffer(ports);
    bus =
        EventBus.open(
            new BusSettings(
                bootstrap,
                domain,
                "web-service",
                settings.folder().resolve("outbox"),
                replication));
    reporter = new ProcessReporter(bus);
    var rendered = new Rollout(settings.rendered());
    supervisor =
        new Supervisor(
            List.of(NginxDaemon.process(settings, rendered.link())),
            reporter,
            settings.folder().resolve("supervision"),
            Clock.systemUTC());
    var files = new WebFiles(settings);
    var daemons =
        new DaemonRollout(
            List.of(new NginxDaemon(supervisor)), files::render, rendered, supervisor);
    applier =
        new ChangeApplier(
            bus,
            daemons,
            new CertificateStore(settings.certs()),
            ports.tlsListeners(),
            bind.equals("*") ? InetAddress.getLoopbackAddress() : InetAddress.getByName(bind),
            Clock.systemUTC());
    follower = new RelayFollower(bus, settings.folder().resolve("applied.json"), applier);
    applier.follow(follower);
  }

  void start(@Observes StartupEvent event) {
    applier.startAsBefore();
    follower.start();
  }

  void stop(@Observes ShutdownEvent event) {
    follower.close();
    applier.close();
    supervisor.close();
    reporter.close();
    bus.close();
  }

  /** What a configuration would do. */
  ChangePlan plan(ChangePlan.Request request) {
    return applier.plan(request);
  }

  ServiceStatus status() {
    return ServiceStatus.of(bus.service(), follower, supervisor);
  }

  /** A new address with its password; empty before there is a configuration. */
  Optional<Map<String, String>> newAccount() {
    return follower
        .appliedConfig()
        .map(change -> offer.make(new RelayConfiguration(change.event().configuration())));
  }

  boolean caughtUp() {
    return follower.caughtUp();
  }

  boolean busConnected() {
    return bus.connected();
  }
}
