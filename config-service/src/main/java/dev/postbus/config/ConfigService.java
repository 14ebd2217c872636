package dev.postbus.config;

import dev.postbus.events.BusSettings;
import dev.postbus.events.EventBus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the parts of this service together and ties them to the process's life. */
@ApplicationScoped
class ConfigService {
  private static final Logger log = LoggerFactory.getLogger(ConfigService.class);

  private static final Duration RETRY = Duration.ofSeconds(2);

  private final Path folder;
  private final Path ini;
  private final boolean rewriteIni;
  private final EventBus bus;
  private volatile @Nullable ConfigKeeper keeper;
  private volatile List<String> problems = List.of();
  private @Nullable Thread retry;

  ConfigService(
      @ConfigProperty(name = "postbus.state") Path state,
      @ConfigProperty(name = "postbus.bus", defaultValue = "127.0.0.1:9092") String bootstrap,
      @ConfigProperty(name = "postbus.replication", defaultValue = "1") short replication,
      @ConfigProperty(name = "mail.domain") String domain,
      @ConfigProperty(name = "ini.file") Optional<Path> iniFile,
      @ConfigProperty(name = "force.reinit.ini.file", defaultValue = "false") boolean forceReinit) {
    folder = state.resolve("config");
    ini = iniFile.orElse(folder.resolve("chatmail.ini"));
    rewriteIni = forceReinit;
    bus =
        EventBus.open(
            new BusSettings(
                bootstrap, domain, "config-service", folder.resolve("outbox"), replication));
  }

  void start(@Observes StartupEvent event) {
    Map<String, String> environment = System.getenv();
    if (!tryToStart(environment)) {
      // Other services may be in this process, and their daemons serve with what was in force.
      retry = Thread.ofVirtual().name("config-retry").start(() -> startWhenMended(environment));
    }
  }

  private void startWhenMended(Map<String, String> environment) {
    try {
      do {
        Thread.sleep(RETRY);
      } while (!tryToStart(environment));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean tryToStart(Map<String, String> environment) {
    try {
      keeper =
          ConfigKeeper.start(
              ini, rewriteIni, new VersionFiles(folder.resolve("versions")), environment, bus);
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

  void stop(@Observes ShutdownEvent event) {
    var waiting = retry;
    if (waiting != null) {
      waiting.interrupt();
    }
    bus.close();
  }

  /** Whether there is a configuration; not while the file and the environment are not valid. */
  boolean started() {
    return keeper != null;
  }

  /** Why there is none. */
  List<String> problems() {
    return problems;
  }

  ConfigKeeper keeper() {
    var started = keeper;
    if (started == null) {
      throw new IllegalStateException("config-service has not started yet");
    }
    return started;
  }

  boolean busConnected() {
    return bus.connected();
  }
}
