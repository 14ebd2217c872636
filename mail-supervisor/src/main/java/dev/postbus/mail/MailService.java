package dev.postbus.mail;

import dev.postbus.applier.ChangeApplier;
import dev.postbus.applier.ChangePlan;
import dev.postbus.applier.DaemonRollout;
import dev.postbus.applier.ProcessReporter;
import dev.postbus.applier.ServiceStatus;
import dev.postbus.certificates.CertificateStore;
import dev.postbus.doctor.ClockCheck;
import dev.postbus.doctor.DiskCheck;
import dev.postbus.doctor.Doctor;
import dev.postbus.doctor.Finding;
import dev.postbus.doctor.InotifyCheck;
import dev.postbus.doctor.LimitsCheck;
import dev.postbus.events.BusSettings;
import dev.postbus.events.Envelope;
import dev.postbus.events.EventBus;
import dev.postbus.events.OutboxForwarder;
import dev.postbus.events.RelayFollower;
import dev.postbus.supervision.Rollout;
import dev.postbus.supervision.Supervisor;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Puts the parts of this service together and ties them to the process's life. */
@ApplicationScoped
class MailService {
  // coturn's in its image.
  private static final int TURN_UID = 5012;
  private static final Path ROOT = Path.of("/");

  private final MailSettings settings;
  private final EventBus bus;
  private final ProcessReporter reporter;
  private final PostfixTimeouts timeouts = new PostfixTimeouts();
  private final Supervisor supervisor;
  private final ChangeApplier applier;
  private final RelayFollower follower;
  private final IdleNotify notify;
  private final Optional<OutboxForwarder> forwarder;
  private final PolicyControl policy;
  private final Sessions sessions;
  private final Path blockCreation;
  private final MailRoom room;
  private final Doctor doctor;
  private final DkimKey dkimKey;
  private final DkimAnnouncement dkimAnnouncement;

  MailService(
      @ConfigProperty(name = "postbus.state") Path state,
      @ConfigProperty(name = "postbus.bus", defaultValue = "127.0.0.1:9092") String bootstrap,
      @ConfigProperty(name = "postbus.replication", defaultValue = "1") short replication,
      @ConfigProperty(name = "postbus.port-offset", defaultValue = "0") int portOffset,
      @ConfigProperty(name = "postbus.bind", defaultValue = "*") String bind,
      @ConfigProperty(name = "quarkus.http.port") int httpPort,
      @ConfigProperty(name = "postbus.vmail-uid", defaultValue = "5000") int uid,
      @ConfigProperty(name = "postbus.vmail-gid", defaultValue = "5000") int gid,
      @ConfigProperty(name = "postbus.mail.policy-program") Path policyProgram,
      @ConfigProperty(name = "postbus.mail.policy-jvm-options")
          Optional<List<String>> policyJvmOptions,
      @ConfigProperty(name = "postbus.mail.policy-replicas") Optional<String> policyReplicas,
      @ConfigProperty(name = "postbus.iroh-http") Optional<String> irohHttp,
      @ConfigProperty(name = "postbus.mail.idle-notify") Optional<Path> idleNotify,
      @ConfigProperty(name = "postbus.forward-service") Optional<String> forwardService,
      @ConfigProperty(name = "postbus.forward-outbox") Optional<Path> forwardOutbox,
      @ConfigProperty(
              name = "postbus.notification-url",
              defaultValue = NotificationSettings.STANDARD)
          URI notificationUrl,
      @ConfigProperty(name = "postbus.notification-trust") Optional<Path> notificationTrust,
      @ConfigProperty(name = "mail.domain") String domain)
      throws UnknownHostException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    var ports = new MailPorts(portOffset);
    notify = IdleNotify.tried(idleNotify);
    policy = new PolicyControl(ports);
    settings =
        new MailSettings(
            state,
            bind,
            ports,
            httpPort,
            uid,
            gid,
            policyProgram,
            policyJvmOptions.orElse(List.of()),
            policyReplicas.orElse(""),
            irohHttp.isPresent(),
            notify,
            new NotificationSettings(notificationUrl, notificationTrust),
            java);
    new MailFolders(settings).prepare();
    if (settings.turn().isThere()) {
      settings.turn().prepare(domain, TURN_UID);
    }
    blockCreation = settings.blockCreation();
    room = new MailRoom(List.of(settings.queue(), settings.mailboxes()), MailRoom.LEAST);
    doctor =
        new Doctor(
            List.of(
                new InotifyCheck(ROOT, notify.library()),
                new LimitsCheck(ROOT),
                new DiskCheck(settings.mailboxes(), DiskCheck.LEAST, DiskCheck.ENOUGH),
                new ClockCheck(settings.state(), Clock.systemUTC())));
    var signer = MailFolders.owner(settings.dkim());
    dkimKey = new DkimKey(domain, new DkimKeyFile(settings.dkimKey(), signer).open());
    bus =
        EventBus.open(
            new BusSettings(
                bootstrap,
                domain,
                "mail-supervisor",
                settings.folder().resolve("outbox"),
                replication));
    // For a process that has no way to the bus of its own, such as the one that runs all others.
    forwarder =
        forwardOutbox.map(
            outbox ->
                OutboxForwarder.start(
                    new BusSettings(
                        bootstrap, domain, forwardService.orElseThrow(), outbox, replication)));
    dkimAnnouncement = new DkimAnnouncement(settings.folder().resolve("dkim-announced.json"), bus);
    reporter = new ProcessReporter(bus);
    var rendered = new Rollout(settings.rendered());
    sessions = new Sessions(rendered.link());
    supervisor =
        new Supervisor(
            MailDaemons.processes(settings, rendered.link()),
            new CountedLines(reporter, timeouts),
            settings.folder().resolve("run"),
            Clock.systemUTC());
    var files = new MailFiles(settings);
    var daemons =
        new DaemonRollout(
            MailDaemons.of(settings, supervisor), files::render, rendered, supervisor);
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
    dkimAnnouncement.announce(dkimKey);
    applier.startAsBefore();
    follower.start();
  }

  void stop(@Observes ShutdownEvent event) {
    follower.close();
    applier.close();
    supervisor.close();
    reporter.close();
    forwarder.ifPresent(OutboxForwarder::close);
    bus.close();
  }

  /** What a configuration would do. */
  ChangePlan plan(ChangePlan.Request request) {
    return applier.plan(request);
  }

  ServiceStatus status() {
    return ServiceStatus.of(bus.service(), follower, supervisor)
        .withProblem(room.problem().orElse(null));
  }

  /** Whether the operator's file keeps accounts from being made. */
  boolean creationBlocked() {
    return Files.exists(blockCreation);
  }

  /** What is counted here, for mail-policy's metrics. */
  MailCounters counters() {
    return MailCounters.of(
        timeouts, follower.appliedCert().map(Envelope::event), supervisor.status());
  }

  /** What waits in the queue, and the room for mail. */
  MailStorage storage() throws IOException {
    return MailStorage.of(settings.queue(), settings.mailboxes());
  }

  /** What the machine gives the mail daemons. */
  List<Finding> doctor() {
    return doctor.look();
  }

  /** Where mail-policy takes an operator's requests. */
  PolicyControl policy() {
    return policy;
  }

  /** What users have open. */
  Sessions sessions() {
    return sessions;
  }

  /** How soon clients in IDLE hear of mail. */
  String notifying() {
    return notify.words();
  }

  /** What mail is signed with. */
  DkimKey dkimKey() {
    return dkimKey;
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
