package dev.postbus.cert;

import dev.postbus.cert.acme.AcmeKeeper;
import dev.postbus.cert.acme.AcmeSettings;
import dev.postbus.cert.acme.AcmeWorker;
import dev.postbus.cert.acme.HttpTokens;
import dev.postbus.cert.acme.Need;
import dev.postbus.cert.foreign.ForeignSettings;
import dev.postbus.cert.foreign.PairParser;
import dev.postbus.cert.foreign.Parsers;
import dev.postbus.certificates.CertificateStore;
import dev.postbus.events.BusSettings;
import dev.postbus.events.CertChanged;
import dev.postbus.events.ChangeHandler;
import dev.postbus.events.ConfigChanged;
import dev.postbus.events.Envelope;
import dev.postbus.events.EventBus;
import dev.postbus.events.RelayConfiguration;
import dev.postbus.events.RelayFollower;
import dev.postbus.events.TraceContext;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the parts of this service together and ties them to the process's life. */
@ApplicationScoped
class CertService {
  private static final Logger log = LoggerFactory.getLogger(CertService.class);

  private final EventBus bus;
  private final CertificatePlan planWithoutBus;
  private final ForeignSettings foreign;
  private final PairParser parser;
  private final CertificateKeeper keeper;
  private final RelayFollower follower;
  private final ForeignFollowing following;
  private final ExpiryWatch expiry;
  private final HttpTokens tokens = new HttpTokens();
  private final boolean addressesByAcme;
  private final AcmeKeeper acme;
  private final AcmeWorker acmeWorker;
  private final ScheduledExecutorService daily =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("renewal").factory());

  CertService(
      @ConfigProperty(name = "postbus.state") Path state,
      @ConfigProperty(name = "postbus.bus", defaultValue = "127.0.0.1:9092") String bootstrap,
      @ConfigProperty(name = "postbus.replication", defaultValue = "1") short replication,
      @ConfigProperty(name = "mail.domain") String domain,
      @ConfigProperty(name = "use.foreign.cert.manager") Optional<String> useForeign,
      @ConfigProperty(name = "path.to.ssl") Optional<String> foreignFolder,
      @ConfigProperty(name = "certs.monitoring.timeout") Optional<String> foreignPoll,
      @ConfigProperty(name = "postbus.cert.parser-uid", defaultValue = "5003") int parserUid,
      Config config) {
    var folder = state.resolve("certs");
    var settings = AcmeSettings.of(name -> config.getOptionalValue(name, String.class));
    addressesByAcme = settings.addresses();
    bus =
        EventBus.open(
            new BusSettings(
                bootstrap, domain, "cert-service", folder.resolve("outbox"), replication));
    foreign = ForeignSettings.of(useForeign, foreignFolder, foreignPoll, domain);
    planWithoutBus =
        CertificatePlan.of(
            new RelayConfiguration(
                Map.of("mail_domain", domain, "tls_external_cert_and_key", "", "acme_email", "")),
            foreign.folder(),
            addressesByAcme);
    parser = Parsers.unprivileged(Clock.systemUTC(), parserUid);
    keeper =
        new CertificateKeeper(
            new CertificateStore(folder),
            new Ledger(folder.resolve("ledger.json")),
            bus,
            planWithoutBus,
            parser,
            Clock.systemUTC());
    following =
        new ForeignFollowing(
            keeper, foreign.poll(), () -> Parsers.unprivileged(Clock.systemUTC(), parserUid));
    expiry = new ExpiryWatch(keeper, bus, folder.resolve("expiring"), Clock.systemUTC());
    acme =
        new AcmeKeeper(
            folder.resolve("acme"),
            settings,
            tokens,
            new KeeperHome(keeper),
            bus,
            Clock.systemUTC());
    acmeWorker = new AcmeWorker(acme, Clock.systemUTC());
    follower = new RelayFollower(bus, folder.resolve("applied.json"), new Handler());
  }

  /** Plans follow the configuration; certificates on the bus are this service's own. */
  private final class Handler implements ChangeHandler {
    @Override
    public void configChanged(Envelope<ConfigChanged> change) {
      followPlan(planOf(change), change.id());
      follower.configApplied(change);
    }

    @Override
    public void certChanged(Envelope<CertChanged> change) {
      keeper.heard(change.event(), change.id());
      follower.certApplied(change);
    }
  }

  void start(@Observes StartupEvent event) {
    // The configuration applied last, not the setting: they may name different domains.
    var applied = follower.appliedConfig();
    var plan = applied.map(this::planOf).orElse(planWithoutBus);
    keeper.start(plan);
    following.follow(plan);
    acmeWorker.start();
    // Without a configuration nobody has said yet what is to be ordered, and for whom.
    applied.ifPresent(change -> acme.follow(need(plan), change.id()));
    follower.start();
    daily.scheduleAtFixedRate(this::checkEnd, 1, 1, TimeUnit.DAYS);
    // A manager's certificate of this moment gets its chance first.
    daily.scheduleAtFixedRate(this::tellOfEnd, 1, 60, TimeUnit.MINUTES);
  }

  void stop(@Observes ShutdownEvent event) {
    daily.shutdownNow();
    follower.close();
    following.close();
    parser.close();
    acmeWorker.close();
    bus.close();
  }

  private void followPlan(CertificatePlan plan, String cause) {
    keeper.follow(plan, cause);
    following.follow(plan);
    acme.follow(need(plan), cause);
  }

  private static @Nullable Need need(CertificatePlan plan) {
    return plan instanceof CertificatePlan.Acme wanted
        ? new Need(wanted.names(), wanted.email())
        : null;
  }

  /** The executor would never call again after an exception. */
  private void checkEnd() {
    try {
      keeper.keep(null);
    } catch (RuntimeException e) {
      log.error("the daily look at the certificate failed; the next is in a day", e);
    }
  }

  private void tellOfEnd() {
    try {
      expiry.look();
    } catch (RuntimeException e) {
      log.error("cannot tell how long the certificate is valid; trying again in an hour", e);
    }
  }

  /** How long the certificate is valid yet. */
  ExpiryWatch expiry() {
    return expiry;
  }

  /** Whether certificates are ordered by ACME. */
  boolean orders() {
    return acme.isNeeded();
  }

  AcmeKeeper acme() {
    return acme;
  }

  HttpTokens tokens() {
    return tokens;
  }

  CertificateKeeper keeper() {
    return keeper;
  }

  Optional<Long> configVersion() {
    return follower.appliedConfig().map(change -> change.event().version());
  }

  /** The trace that a request belongs to; null if it names none that counts. */
  @Nullable TraceContext traceOf(List<String> parents, List<String> states) {
    return bus.traceOf(parents, states);
  }

  boolean busConnected() {
    return bus.connected();
  }

  boolean allSent() {
    return bus.allSent();
  }

  private CertificatePlan planOf(Envelope<ConfigChanged> change) {
    return CertificatePlan.of(
        new RelayConfiguration(change.event().configuration()), foreign.folder(), addressesByAcme);
  }
}
