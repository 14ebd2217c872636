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
import dev.postbus.watch.FileWatch;
import dev.postbus.web.services.Services;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Puts the parts of this service together and ties them to the process's life. */
@ApplicationScoped
class WebService {
  /** For somebody to write several files. */
  private static final Duration QUIET = Duration.ofMillis(200);

  /** For mounts behind which changes are not told. */
  private static final Duration POLL = Duration.ofSeconds(5);

  private final EventBus bus;
  private final ProcessReporter reporter;
  private final Visits visits = new Visits();
  private final Supervisor supervisor;
  private final ChangeApplier applier;
  private final RelayFollower follower;
  private final Leaving leaving;
  private final boolean proxied;
  private final Registrar registrar;
  private final PersonalPages personal;
  private final WebFiles files;
  // Who is asked may be in this very process, and must find a worker that does not wait for it.
  private final ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService daily =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("daily").daemon().factory());
  private @Nullable FileWatch watch;

  WebService(
      @ConfigProperty(name = "postbus.state") Path state,
      @ConfigProperty(name = "postbus.bus", defaultValue = "127.0.0.1:9092") String bootstrap,
      @ConfigProperty(name = "postbus.replication", defaultValue = "1") short replication,
      @ConfigProperty(name = "postbus.port-offset", defaultValue = "0") int portOffset,
      @ConfigProperty(name = "postbus.bind", defaultValue = "*") String bind,
      @ConfigProperty(name = "quarkus.http.port", defaultValue = "9104") int apiPort,
      @ConfigProperty(name = "postbus.mail-host", defaultValue = "127.0.0.1") String mailHost,
      @ConfigProperty(name = "postbus.cert-http", defaultValue = "127.0.0.1:9102") String certHttp,
      @ConfigProperty(name = "postbus.cert-tls", defaultValue = "127.0.0.1:9107") String certTls,
      @ConfigProperty(name = "postbus.iroh-http") Optional<String> irohHttp,
      @ConfigProperty(name = "postbus.turn") Optional<String> turn,
      @ConfigProperty(name = "postbus.custom") Optional<Path> custom,
      @ConfigProperty(name = "postbus.proxy-from") Optional<List<String>> proxyFrom,
      @ConfigProperty(name = "postbus.replica") Optional<String> replica,
      @ConfigProperty(name = "mail.domain") String domain,
      Services services)
      throws IOException {
    var ports = new WebPorts(portOffset);
    var peers = new Peers(mailHost, certHttp, certTls, irohHttp, turn);
    var settings =
        new WebSettings(
            state,
            bind,
            ports,
            apiPort,
            peers,
            custom.orElse(state.resolve("custom")),
            FrontProxy.of(proxyFrom.orElse(List.of())));
    Files.createDirectories(settings.run());
    proxied = settings.proxy().exists();
    leaving = new Leaving(settings.run());
    leaving.stay();
    registrar = new Registrar(new AccountOffer(ports), new MailDesk(services));
    bus =
        EventBus.open(
            new BusSettings(
                bootstrap,
                domain,
                replica.isEmpty()
                    ? ReplicaName.SERVICE
                    : ReplicaName.of(replica.get(), settings.folder()),
                settings.folder().resolve("outbox"),
                replication));
    reporter = new ProcessReporter(bus);
    var rendered = new Rollout(settings.rendered());
    personal = new PersonalPages(rendered.link().resolve(NginxDaemon.NAME));
    supervisor =
        new Supervisor(
            List.of(NginxDaemon.process(settings, rendered.link())),
            new NginxLines(reporter, visits),
            settings.folder().resolve("supervision"),
            Clock.systemUTC());
    files =
        new WebFiles(
            settings, peers.named() ? NameServers.ofMachine() : List.of(), Clock.systemUTC());
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
    applier.reportTo(reporter);
  }

  void start(@Observes StartupEvent event) {
    applier.startAsBefore();
    follower.start();
    watch = FileWatch.startForFolders(this::watched, QUIET, POLL, applier::renderAgain);
    // What the pages say of a time to come is to stay true.
    daily.scheduleWithFixedDelay(applier::renderAgain, 1, 1, TimeUnit.DAYS);
  }

  private List<Path> watched() {
    return configuration().map(files::watched).orElse(List.of());
  }

  /** Before this service's own interface ends, which nginx passes on to. */
  void leave(@Observes ShutdownDelayInitiatedEvent event) {
    if (proxied) {
      leaving.announce(() -> visits.times(Leaving.SIGN, Leaving.STATUS));
    }
  }

  void stop(@Observes ShutdownEvent event) {
    if (proxied) {
      leaving.awaitSeen();
    }
    daily.shutdownNow();
    asking.shutdownNow();
    var watching = watch;
    if (watching != null) {
      watching.close();
    }
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

  /** How often nginx answered what. */
  List<Visits.Count> visits() {
    return visits.counts();
  }

  ServiceStatus status() {
    return ServiceStatus.of(bus.service(), follower, supervisor)
        .withProblem(files.problem().orElse(null));
  }

  /** A new address with its password, or why there is none. */
  CompletionStage<Registrar.Answer> newAccount(String invite) {
    return CompletableFuture.supplyAsync(
        () ->
            configuration()
                .map(configuration -> registrar.register(configuration, invite))
                .orElseGet(Registrar.Answer::notYet),
        asking);
  }

  /** The page of an invitation; empty where nobody needs one, or there are no pages. */
  Optional<String> invitePage(String token, Language language) throws IOException {
    var configuration = configuration();
    return configuration.isPresent() && configuration.get().registration().equals("invite")
        ? personal.invitation(configuration.get(), token, language)
        : Optional.empty();
  }

  /** The page that tells what came of asking for an account; empty where there are no pages. */
  Optional<String> accountPage(Registrar.Answer answer, Language language) throws IOException {
    return personal.account(answer, language);
  }

  private Optional<RelayConfiguration> configuration() {
    return follower
        .appliedConfig()
        .map(change -> new RelayConfiguration(change.event().configuration()));
  }

  boolean caughtUp() {
    return follower.caughtUp();
  }

  boolean busConnected() {
    return bus.connected();
  }

  boolean allSent() {
    return bus.allSent();
  }
}
