package dev.postbus.supervision;

import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What must be seen before a started process counts as ready. */
public sealed interface Readiness {
  /** How long a daemon may take, if nothing else is said. */
  Duration USUAL = Duration.ofSeconds(15);

  /** How long a start may take before it counts as failed. */
  Duration timeout();

  /** A TCP port accepts a connection. */
  record Tcp(InetSocketAddress address, Duration timeout) implements Readiness {}

  /**
   * A socket accepts a connection and speaks first: a listening port alone does not prove that a
   * daemon serves.
   *
   * @param address a TCP port or a Unix socket
   * @param beginning of the first line, e.g. {@code "220 "}; asked at each try, as what is awaited
   *     may change
   */
  record Greeting(SocketAddress address, Supplier<String> beginning, Duration timeout)
      implements Readiness {}

  /**
   * Another file has come in place of one: some daemons make their Unix sockets anew when they take
   * up their configuration.
   *
   * @param before the file as it was, see {@link FileIdentity#of}
   */
  record Renewed(Path file, FileIdentity before, Duration timeout) implements Readiness {}

  /**
   * None of some processes takes anything any more: each has ended, or says in its command line
   * that it is leaving.
   *
   * @param before numbers and times of start of these processes
   * @param leaving what such a command line contains
   */
  record Replaced(Map<Long, Long> before, String leaving, Duration timeout) implements Readiness {
    /** Copies the map. */
    public Replaced {
      before = Map.copyOf(before);
    }
  }

  /** A Unix stream socket accepts a connection. */
  record UnixSocket(Path path, Duration timeout) implements Readiness {}

  /** A command exits with 0. */
  record Command(List<String> command, Duration timeout) implements Readiness {
    /** Copies the list. */
    public Command {
      command = List.copyOf(command);
    }
  }

  /**
   * An HTTP GET is answered.
   *
   * @param status of the answer; where it leads to is not followed
   */
  record Http(URI uri, int status, Duration timeout) implements Readiness {
    /** The status is 200. */
    public Http(URI uri, Duration timeout) {
      this(uri, HttpURLConnection.HTTP_OK, timeout);
    }
  }

  /** All of several. */
  record AllOf(List<Readiness> all, Duration timeout) implements Readiness {
    /** Copies the list. */
    public AllOf {
      all = List.copyOf(all);
    }
  }

  /** Running is enough. */
  record Running() implements Readiness {
    @Override
    public Duration timeout() {
      return Duration.ofSeconds(1);
    }
  }

  /** A port on loopback that accepts, within 15 seconds. */
  static Readiness port(int port) {
    return new Tcp(loopback(port), USUAL);
  }

  /** A port on loopback whose first line begins with the given words, within 15 seconds. */
  static Readiness greeting(int port, String beginning) {
    return new Greeting(loopback(port), () -> beginning, USUAL);
  }

  /** A Unix socket whose first line begins with words that may change, within 15 seconds. */
  static Readiness greeting(Path socket, Supplier<String> beginning) {
    return new Greeting(UnixDomainSocketAddress.of(socket), beginning, USUAL);
  }

  /** A Unix socket that accepts, within 15 seconds. */
  static Readiness socket(Path path) {
    return new UnixSocket(path, USUAL);
  }

  /** All of the given ones, within 15 seconds. */
  static Readiness allOf(Readiness... all) {
    return new AllOf(List.of(all), USUAL);
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }
}
