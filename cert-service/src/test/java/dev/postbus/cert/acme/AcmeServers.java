package dev.postbus.cert.acme;

import dev.postbus.broker.EmbeddedBroker;
import dev.postbus.testing.ChallengeDns;
import dev.postbus.testing.FreePort;
import dev.postbus.testing.MadeKey;
import dev.postbus.testing.Pebble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Broker, DNS and pebble, started once for all test classes that need them. */
final class AcmeServers implements BeforeAllCallback {
  private static final ExtensionContext.Namespace HERE =
      ExtensionContext.Namespace.create(AcmeServers.class);

  /** The running servers. */
  record Running(
      Path folder,
      EmbeddedBroker broker,
      Activity activity,
      ChallengeDns dns,
      Pebble pebble,
      MadeKey proxyKey,
      int httpPort,
      int tlsPort)
      implements AutoCloseable {
    static Running start() {
      try {
        var folder = Files.createTempDirectory("acme-");
        var broker = EmbeddedBroker.startOnFreePorts(Files.createDirectory(folder.resolve("bus")));
        var dns = ChallengeDns.start(folder);
        var httpPort = FreePort.any();
        var tlsPort = FreePort.any();
        var pebble =
            Pebble.start(
                folder,
                new Pebble.Options().httpPort(httpPort).tlsPort(tlsPort).dnsPort(dns.port()));
        return new Running(
            folder,
            broker,
            new Activity(broker.bootstrap()),
            dns,
            pebble,
            MadeKey.in(folder.resolve("proxy.p12"), "localhost"),
            httpPort,
            tlsPort);
      } catch (Exception e) {
        throw new IllegalStateException("the servers of the ACME tests do not start", e);
      }
    }

    @Override
    public void close() throws IOException {
      pebble.close();
      dns.close();
      activity.close();
      broker.close();
      try (var files = Files.walk(folder)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static Running running;

  static Running running() {
    return running;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    running =
        context
            .getRoot()
            .getStore(HERE)
            .computeIfAbsent("servers", key -> Running.start(), Running.class);
  }
}
