package dev.postbus.access;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before a service's HTTP interface wherever that listens on more than loopback: who comes
 * from elsewhere needs the token. Without a token nobody from elsewhere may do anything.
 */
@ApplicationScoped
class Guard {
  private static final Logger log = LoggerFactory.getLogger(Guard.class);
  private static final int FIRST = 10_000;
  // What authorities ask for: RFC 8555, section 8.3. web-service's nginx passes it on.
  private static final String PUBLIC = "/.well-known/acme-challenge/";
  // Has a login of its own, for browsers.
  private static final String CONSOLE = "/console";

  private final boolean needed;
  private final @Nullable Bearers bearers;

  Guard(
      @ConfigProperty(name = "quarkus.http.host") String host,
      @ConfigProperty(name = "postbus.token-file") Optional<Path> file)
      throws UnknownHostException {
    needed = !InetAddress.getByName(host).isLoopbackAddress();
    bearers =
        file.map(path -> new Bearers(new TokenFile(path), new Attempts(Clock.systemUTC())))
            .orElse(null);
    if (needed) {
      prepare(file);
    }
  }

  /** One service can write where the token is; the others find it. */
  private static void prepare(Optional<Path> file) {
    if (file.isEmpty()) {
      log.warn("without POSTBUS_TOKEN_FILE only this machine may use the interface");
      return;
    }
    try {
      new TokenFile(file.get()).makeIfMissing();
    } catch (IOException e) {
      log.info("waiting for somebody to make {}", file.get());
    }
  }

  void stand(@Observes Filters filters) {
    if (needed) {
      filters.register(this::check, FIRST);
    }
  }

  private static boolean open(String path) {
    return path.startsWith(PUBLIC) || path.equals(CONSOLE) || path.startsWith(CONSOLE + "/");
  }

  private void check(RoutingContext context) {
    var request = context.request();
    var sender = Bearers.sender(request);
    var path = context.normalizedPath();
    if (sender.isLoopbackAddress() || (path != null && open(path))) {
      context.next();
      return;
    }
    var refusal =
        bearers == null ? 403 : bearers.refusal(sender, request.getHeader("Authorization"));
    if (refusal == 0) {
      context.next();
      return;
    }
    Bearers.refuse(request, refusal);
  }
}
