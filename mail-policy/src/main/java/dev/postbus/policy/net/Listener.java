package dev.postbus.policy.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A listening socket; each connection is served on a thread of its own, up to a number of them. The
 * first of those at a time get platform threads, which wait in read(2) itself; for a virtual thread
 * each wait costs several more calls of the kernel. The others, as when many stay and say nothing,
 * get virtual threads, which cost little while they wait.
 */
public final class Listener implements AutoCloseable {
  private static final Logger log = Logger.getLogger(Listener.class.getName());
  private static final int MOST_CONNECTIONS = 1200;
  private static final int MOST_PLATFORM_THREADS = 16;
  private static final Duration IDLE_THREAD = Duration.ofSeconds(10);
  private static final int USUAL_BLOCK = 32 * 1024;
  private static final int BLOCK_IN_A_CROWD = 1024;

  private final ServerSocketChannel server;
  private final Service service;
  private final Semaphore places = new Semaphore(MOST_CONNECTIONS);
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private final Executor threads;

  /** Serves one connection; it is closed when this returns or throws. */
  @FunctionalInterface
  public interface Service {
    /** Speaks with the other side until it is done. */
    void serve(SocketChannel connection) throws IOException;
  }

  private Listener(ServerSocketChannel server, String name, Service service) {
    this.server = server;
    this.service = service;
    this.threads = threads(name);
    Thread.ofPlatform().name(name).daemon().start(this::accept);
  }

  /**
   * Listens on a loopback port.
   *
   * @throws IOException if the port cannot be had, with its number
   */
  public static Listener onLoopback(int port, String name, Service service) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    return onPort(address, "port " + port + " on loopback", name, service);
  }

  /**
   * Listens on a port of all addresses, for others on an inner network.
   *
   * @throws IOException if the port cannot be had, with its number
   */
  public static Listener onAllAddresses(int port, String name, Service service) throws IOException {
    return onPort(new InetSocketAddress(port), "port " + port, name, service);
  }

  private static Listener onPort(
      InetSocketAddress address, String where, String name, Service service) throws IOException {
    var server = ServerSocketChannel.open();
    server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    try {
      server.bind(address, 512);
    } catch (IOException e) {
      closeQuietly(server);
      throw new IOException(where + ": " + e.getMessage(), e);
    }
    return new Listener(server, name, service);
  }

  /** Listens on a Unix socket that the owner and the folder's group may use. */
  public static Listener onSocket(Path path, String name, Service service) throws IOException {
    Files.deleteIfExists(path);
    var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path), 512);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
    return new Listener(server, name, service);
  }

  /**
   * How many bytes of a message the current thread's connection may hold at once: little where it
   * is one of many, since all of them may have a message under way at the same time.
   */
  public static int blockSize() {
    return Thread.currentThread().isVirtual() ? BLOCK_IN_A_CROWD : USUAL_BLOCK;
  }

  @Override
  public void close() {
    closeQuietly(server);
    open.forEach(Listener::closeQuietly);
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        places.acquire();
        var connection = server.accept();
        open.add(connection);
        threads.execute(() -> serve(connection));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        places.release();
        log.log(Level.WARNING, "cannot accept a connection: {0}", e.getMessage());
        // Out of descriptors, say: those that are served will give some back.
        LockSupport.parkNanos(100_000_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static Executor threads(String name) {
    return new ThreadPoolExecutor(
        0,
        MOST_PLATFORM_THREADS,
        IDLE_THREAD.toSeconds(),
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        Thread.ofPlatform().name(name + "-", 0).daemon().factory(),
        (connection, full) -> Thread.ofVirtual().start(connection));
  }

  private void serve(SocketChannel connection) {
    try (connection) {
      service.serve(connection);
    } catch (IOException e) {
      log.log(Level.FINE, "connection ended: {0}", e.getMessage());
    } catch (RuntimeException e) {
      log.log(Level.SEVERE, "a connection was given up", e);
    } finally {
      open.remove(connection);
      places.release();
    }
  }

  private static void closeQuietly(java.io.Closeable channel) {
    try {
      channel.close();
    } catch (IOException e) {
      log.log(Level.FINE, "closing: {0}", e.getMessage());
    }
  }
}
