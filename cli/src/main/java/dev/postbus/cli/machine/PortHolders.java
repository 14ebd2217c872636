package dev.postbus.cli.machine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds out which ports are taken, and by whom. */
public final class PortHolders {
  private static final Path PROC = Path.of("/proc");
  private static final String LISTENING = "0A";

  private PortHolders() {}

  /** A process that listens on a port; its words are for people. */
  public record Holder(long pid, String command) {
    @Override
    public String toString() {
      return "process %d (%s)".formatted(pid, command);
    }
  }

  /** A line for each port that is taken. */
  public static List<String> taken(Map<String, Integer> ports) {
    var taken = new ArrayList<String>();
    ports.forEach(
        (use, port) -> {
          if (!free(port)) {
            taken.add("port %d (%s) is taken by %s".formatted(port, use, named(holder(port))));
          }
        });
    return taken;
  }

  /** A holder in words; there may be none that this user can see. */
  public static String named(Optional<Holder> holder) {
    return holder.map(Holder::toString).orElse("a process that cannot be seen");
  }

  /** Whether one can listen on a port of the loopback address now. */
  public static boolean free(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The process that listens on a port. */
  public static Optional<Holder> holder(int port) {
    var sockets = new HashSet<String>();
    for (var table : List.of("net/tcp", "net/tcp6")) {
      sockets.addAll(listening(PROC.resolve(table), port));
    }
    if (sockets.isEmpty()) {
      return Optional.empty();
    }
    try (var processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (var process : processes) {
        if (holds(process, sockets)) {
          var command = Files.readString(process.resolve("comm")).strip();
          return Optional.of(
              new Holder(Long.parseLong(String.valueOf(process.getFileName())), command));
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  /** Socket inodes of a port, from the table that proc(5) describes. */
  private static Set<String> listening(Path table, int port) {
    var inodes = new HashSet<String>();
    try (var lines = Files.lines(table)) {
      lines
          .skip(1)
          .map(line -> line.strip().split("\\s+"))
          .filter(f -> f[3].equals(LISTENING) && f[1].endsWith(":%04X".formatted(port)))
          .forEach(f -> inodes.add("socket:[" + f[9] + "]"));
    } catch (IOException e) {
      // No such table, e.g. without IPv6.
      return Set.of();
    }
    return inodes;
  }

  private static boolean holds(Path process, Set<String> sockets) {
    try (var descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (var descriptor : descriptors) {
        if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
          return true;
        }
      }
    } catch (IOException gone) {
      return false;
    }
    return false;
  }
}
