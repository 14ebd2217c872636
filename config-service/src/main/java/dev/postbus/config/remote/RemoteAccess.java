package dev.postbus.config.remote;

import dev.postbus.access.Attempts;
import dev.postbus.access.Bearers;
import dev.postbus.access.TokenFile;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on another address, if there is one, and passes on what may pass. */
@ApplicationScoped
class RemoteAccess {
  private static final Logger log = LoggerFactory.getLogger(RemoteAccess.class);

  private final Optional<String> address;
  private final Optional<Path> tokenFile;
  private final Vertx vertx;
  private @Nullable HttpServer server;

  RemoteAccess(
      @ConfigProperty(name = "postbus.config.listen") Optional<String> address,
      @ConfigProperty(name = "postbus.config.token-file") Optional<Path> tokenFile,
      Vertx vertx) {
    this.address = address;
    this.tokenFile = tokenFile;
    this.vertx = vertx;
  }

  void start(@Observes StartupEvent event) {
    if (address.isEmpty()) {
      return;
    }
    // A mistake here must not keep this service, or others in this process, from serving.
    if (tokenFile.isEmpty()) {
      log.error("POSTBUS_CONFIG_LISTEN needs POSTBUS_CONFIG_TOKEN_FILE: not listening there");
      return;
    }
    var colon = address.get().lastIndexOf(':');
    if (colon < 1 || !address.get().substring(colon + 1).matches("\\d{1,5}")) {
      log.error("POSTBUS_CONFIG_LISTEN must be ADDRESS:PORT, not '{}'", address.get());
      return;
    }
    var host = address.get().substring(0, colon).replaceAll("^\\[|]$", "");
    var gate =
        new Gate(new Bearers(new TokenFile(tokenFile.get()), new Attempts(Clock.systemUTC())));
    server =
        vertx
            .createHttpServer(new HttpServerOptions().setMaxHeaderSize(4096).setIdleTimeout(60))
            .requestHandler(request -> pass(gate, request));
    server
        .listen(Integer.parseInt(address.get().substring(colon + 1)), host)
        .onSuccess(bound -> log.info("listening on {}, with a token", address.get()))
        .onFailure(e -> log.error("cannot listen on {}: {}", address.get(), e.getMessage()));
  }

  private static void pass(Gate gate, HttpServerRequest request) {
    var sender = Bearers.sender(request);
    var refusal = gate.refusal(sender, request.path(), request.getHeader("Authorization"));
    if (refusal == 0) {
      VertxHttpRecorder.getRootHandler().handle(request);
      return;
    }
    Bearers.refuse(request, refusal);
  }

  void stop(@Observes ShutdownEvent event) {
    if (server != null) {
      server.close();
    }
  }
}
