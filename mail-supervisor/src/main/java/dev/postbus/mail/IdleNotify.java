package dev.postbus.mail;

import dev.postbus.supervision.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The library by which Dovecot tells clients in IDLE about new mail at once. Its source, with what
 * it does and why, is {@code src/main/native/idle-notify.c}.
 *
 * @param library where it is, if it can be used here
 */
record IdleNotify(Optional<Path> library) {
  private static final Logger log = LoggerFactory.getLogger(IdleNotify.class);
  private static final Path INSTANCES = Path.of("/proc/sys/fs/inotify/max_user_instances");
  private static final int ENOUGH_INSTANCES = 65_535;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Tries the library out; without it, or with another Dovecot, Dovecot stays as it comes. */
  static IdleNotify tried(Optional<Path> library) {
    var problem = problem(library);
    problem.ifPresent(
        reason -> {
          log.warn("clients in IDLE hear of mail after 500 ms, as Dovecot comes: {}", reason);
          warnOfFewInstances();
        });
    return new IdleNotify(problem.isPresent() ? Optional.empty() : library);
  }

  private static void warnOfFewInstances() {
    try {
      // By lines: read in one piece, the kernel gives the first digit only.
      var limit = Integer.parseInt(Files.readAllLines(INSTANCES).getFirst());
      if (limit < ENOUGH_INSTANCES) {
        log.warn(
            "the kernel lets {} clients wait for mail cheaply; set fs.inotify.max_user_instances={} in"
                + " /etc/sysctl.d/postbus.conf on the host, if there will be more",
            limit,
            ENOUGH_INSTANCES);
      }
    } catch (IOException | NumberFormatException unknown) {
      log.debug("{} cannot be read", INSTANCES, unknown);
    }
  }

  private static Optional<String> problem(Optional<Path> library) {
    if (library.isEmpty() || !Files.isReadable(library.get())) {
      return Optional.of("the library that makes it faster was not built");
    }
    var version = Commands.run(List.of("/usr/sbin/dovecot", "--version"), PATIENCE);
    if (!version.output().startsWith("2.3.")) {
      return Optional.of("the library is for 2.3, and this is " + version.output().strip());
    }
    // The dynamic linker complains, and goes on without a library that it cannot load.
    var loaded =
        Commands.run(List.of("/usr/bin/env", "LD_PRELOAD=" + library.get(), "/bin/true"), PATIENCE);
    return loaded.output().isBlank() ? loaded.problem() : Optional.of(loaded.output().strip());
  }

  /** What Dovecot hands on to its processes; empty if nothing but what it does by itself. */
  String environment() {
    return library.map(path -> "LD_PRELOAD=" + path).orElse("");
  }

  /** How soon clients hear of mail, in words. */
  String words() {
    return library.isPresent() ? "at once" : "after 500 ms";
  }
}
