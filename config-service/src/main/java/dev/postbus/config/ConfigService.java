package dev.postbus.config;

import dev.postbus.audit.Keep;
import dev.postbus.audit.Retention;
import dev.postbus.events.BusSettings;
import dev.postbus.events.EventBus;
import dev.postbus.events.TraceContext;
import dev.postbus.watch.FileWatch;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the parts of this service together and ties them to the process's life. */
@ApplicationScoped
class ConfigService {
  private static final Logger log = LoggerFactory.getLogger(ConfigService.class);

  private static final Duration RETRY = Duration.ofSeconds(2);

  /** For an editor to write the whole file. */
  private static final Duration QUIET = Duration.ofMillis(300);

  /** For mounts behind which changes are not told. */
  private static final Duration POLL = Duration.ofSeconds(5);

  private final Map<String, String> environment = System.getenv();
  private final Path iniFile;
  private final VersionFiles files;
  private final AnswerFiles answerFiles;
  private final EventBus bus;
  private final Replicas replicas;
  private final LogHistory history;
  private final LogPruning pruning;
  private final Optional<Keep> keep;
  private final CountDownLatch assembled = new CountDownLatch(1);
  private final CountDownLatch logSeen = new CountDownLatch(1);
  private volatile @Nullable ConfigKeeper keeper;
  private volatile @Nullable ConsumerAnswers answers;
  private volatile @Nullable FileWatch watch;
  private volatile List<String> problems = List.of();
  private @Nullable Thread beginning;

  ConfigService(
      @ConfigProperty(name = "postbus.state") Path state,
      @ConfigProperty(name = "postbus.bus", defaultValue = "127.0.0.1:9092") String bootstrap,
      @ConfigProperty(name = "postbus.replication", defaultValue = "1") short replication,
      @ConfigProperty(name = "mail.domain") String domain,
      @ConfigProperty(name = "ini.file") Optional<Path> iniFile,
      @ConfigProperty(name = "postbus.web-replicas") Optional<String> webReplicas,
      @ConfigProperty(name = "postbus.token-file") Optional<Path> token,
      @ConfigProperty(name = "postbus.events-keep") Optional<String> keep) {
    var folder = state.resolve("config");
    this.iniFile = iniFile.orElse(folder.resolve("chatmail.ini")).toAbsolutePath();
    files = new VersionFiles(folder.resolve("versions"));
    answerFiles = new AnswerFiles(folder.resolve("answers"));
    var settings =
        new BusSettings(bootstrap, domain, "config-service", folder.resolve("outbox"), replication);
    bus = EventBus.open(settings, this::beforeSending);
    replicas =
        webReplicas
            .<Replicas>map(where -> NamedReplicas.at(where, token.orElse(null)))
            .orElse(Replicas.NONE);
    pruning = new LogPruning(new Retention(bus, bootstrap, domain, Clock.systemUTC()));
    this.keep = LogPruning.parse(keep.orElse(null));
    history = new LogHistory(files, folder.resolve("log-mark.json"), bus);
  }

  void start(@Observes StartupEvent event) {
    assembled.countDown();
    OlderVariables.notices(environment).forEach(log::warn);
    // What is not on disk the log may still have: then the bus is waited for.
    if (files.incomplete() || !tryToStart()) {
      beginning = Thread.ofVirtual().name("config-start").start(this::begin);
    }
    keep.ifPresent(pruning::daily);
  }

  private void begin() {
    try {
      if (files.incomplete()) {
        problems = List.of("waiting for the bus, which may have versions that were lost here");
        logSeen.await();
      }
      // Other services may be in this process, and their daemons serve with what was in force.
      while (!tryToStart()) {
        Thread.sleep(RETRY);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean tryToStart() {
    try {
      var ini = new IniSource(iniFile, OlderVariables.rewriteIni(environment));
      var started = ConfigKeeper.start(ini, files, environment, bus);
      answers = ConsumerAnswers.follow(answerFiles, started, bus, replicas);
      keeper = started;
      watch = FileWatch.start(ini.file(), QUIET, POLL, started::iniChanged);
      return true;
    } catch (InvalidConfiguration e) {
      var found = e.problems().stream().map(Problem::message).toList();
      if (!found.equals(problems)) {
        problems = found;
        found.forEach(problem -> log.error("{}", problem));
      }
      return false;
    }
  }

  private void beforeSending() {
    try {
      assembled.await();
      var content = history.read();
      synchronized (this) {
        var started = keeper;
        if (started == null) {
          history.complete(content);
        } else {
          started.complete(history, content);
        }
      }
      logSeen.countDown();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  void stop(@Observes ShutdownEvent event) {
    var waiting = beginning;
    if (waiting != null) {
      waiting.interrupt();
    }
    var watching = watch;
    if (watching != null) {
      watching.close();
    }
    var following = answers;
    if (following != null) {
      following.close();
    }
    pruning.close();
    bus.close();
  }

  /** Removes old events. */
  LogPruning pruning() {
    return pruning;
  }

  /**
   * What consumers said.
   *
   * @throws NotStarted if there is no configuration yet
   */
  ConsumerAnswers answers() {
    var following = answers;
    if (following == null) {
      throw new NotStarted(problems);
    }
    return following;
  }

  /** Whether there is a configuration; not while the file and the environment are not valid. */
  boolean started() {
    return keeper != null;
  }

  /** Why there is none. */
  List<String> problems() {
    return problems;
  }

  /**
   * The configuration.
   *
   * @throws NotStarted if there is none yet
   */
  ConfigKeeper keeper() {
    var started = keeper;
    if (started == null) {
      throw new NotStarted(problems);
    }
    return started;
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
}
