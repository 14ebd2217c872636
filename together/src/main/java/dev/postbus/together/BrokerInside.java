package dev.postbus.together;

import dev.postbus.broker.BrokerSettings;
import dev.postbus.broker.EmbeddedBroker;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker beside the services. It starts after them: they look for it on its port, as
 * everywhere, and their daemons, which do not wait for it, have the processor first.
 */
@ApplicationScoped
class BrokerInside {
  private static final Logger log = LoggerFactory.getLogger(BrokerInside.class);
  private static final int AFTER_THE_SERVICES = 10_000;

  private final BrokerSettings settings;
  private final CompletableFuture<EmbeddedBroker> broker = new CompletableFuture<>();

  BrokerInside(
      @ConfigProperty(name = "postbus.state") Path state,
      @ConfigProperty(name = "postbus.bus", defaultValue = "127.0.0.1:9092") String bus,
      @ConfigProperty(name = "postbus.broker-controller-port", defaultValue = "9093")
          int controllerPort) {
    var colon = bus.lastIndexOf(':');
    settings =
        new BrokerSettings(
            state.resolve("bus"),
            bus.substring(0, colon),
            Integer.parseInt(bus.substring(colon + 1)),
            controllerPort);
  }

  void start(@Observes @Priority(AFTER_THE_SERVICES) StartupEvent event) {
    Thread.ofPlatform().name("broker-start").start(this::startBroker);
  }

  private void startBroker() {
    try {
      broker.complete(EmbeddedBroker.start(settings));
      log.info("broker ready on {}", settings.host() + ":" + settings.port());
    } catch (RuntimeException e) {
      log.error("the broker cannot start; ending, so that all is started anew", e);
      broker.completeExceptionally(e);
      Quarkus.asyncExit(1);
    }
  }

  void stop(@Observes @Priority(AFTER_THE_SERVICES) ShutdownEvent event) {
    broker.handle(
        (started, failure) -> {
          if (started != null) {
            started.close();
          }
          return started;
        });
  }
}
