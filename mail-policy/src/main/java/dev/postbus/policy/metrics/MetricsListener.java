package dev.postbus.policy.metrics;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.postbus.policy.settings.PolicySettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Tells metrics, and nothing else, at the address that the settings name. Mail does not depend on
 * it: an address that this machine does not have is said in the log, and mail goes on.
 */
public final class MetricsListener implements AutoCloseable {
  private static final Logger log = Logger.getLogger(MetricsListener.class.getName());

  private final Supplier<PolicySettings> settings;
  private final HttpHandler page;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<InetAddress, HttpServer> servers = new HashMap<>();

  /** Nothing listens before {@link #follow}. */
  public MetricsListener(Supplier<PolicySettings> settings, HttpHandler page) {
    this.settings = settings;
    this.page = page;
  }

  /** Listens where the settings say now, and nowhere else. */
  public synchronized void follow() {
    var now = settings.get();
    var wanted = now.metrics().listen().map(MetricsListener::addresses).orElse(Set.of());
    servers
        .entrySet()
        .removeIf(
            open -> {
              var gone = !wanted.contains(open.getKey());
              if (gone) {
                open.getValue().stop(0);
              }
              return gone;
            });
    for (var address : wanted) {
      if (!servers.containsKey(address)) {
        listen(address, now.controlPort());
      }
    }
  }

  private void listen(InetAddress address, int port) {
    try {
      var server = HttpServer.create(new InetSocketAddress(address, port), 16);
      server.setExecutor(executor);
      server.createContext("/", page);
      server.start();
      servers.put(address, server);
      log.log(Level.INFO, "metrics are told at {0}", server.getAddress());
    } catch (IOException e) {
      log.log(
          Level.WARNING,
          "metrics cannot be told at {0} port {1,number,#}: {2}; mtail_address must be an address"
              + " of this machine, and the port free",
          new Object[] {address.getHostAddress(), port, e.getMessage()});
    }
  }

  /**
   * The addresses to listen on. On loopback metrics are told anyway; as that port is taken, the
   * wildcard address stands for each of the others that this machine has now.
   */
  private static Set<InetAddress> addresses(InetAddress address) {
    if (address.equals(InetAddress.getLoopbackAddress())) {
      return Set.of();
    }
    if (!address.isAnyLocalAddress()) {
      return Set.of(address);
    }
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(one -> !one.isLoopbackAddress() && !one.isLinkLocalAddress())
          .filter(one -> address.getAddress().length == 16 || one.getAddress().length == 4)
          .collect(Collectors.toSet());
    } catch (SocketException e) {
      log.log(Level.WARNING, "this machine''s addresses cannot be read: {0}", e.getMessage());
      return Set.of();
    }
  }

  @Override
  public synchronized void close() {
    servers.values().forEach(server -> server.stop(0));
    servers.clear();
    executor.shutdownNow();
  }
}
