package dev.postbus.cli;

import dev.postbus.cli.machine.PortHolders;
import dev.postbus.deploy.local.Shape;
import dev.postbus.deploy.local.StackPorts;
import dev.postbus.deploy.local.StackSettings;
import dev.postbus.deploy.local.Staging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Runs a shape once, for some seconds and on ports of its own, so that each of its programs writes
 * its cache of loaded classes (JEP 514). All later starts take a fraction of the time with it.
 */
final class Training {
  private static final int FIRST_OFFSET = 15_000;
  private static final String SUFFIX = ".aot";

  /** Under which the command's own cache is made, beside those of the programs. */
  static final String OWN = "cli";

  private final Staging staging;

  /** Takes a cache. */
  @FunctionalInterface
  interface Taker {
    /**
     * Is handed a cache, which is deleted thereafter.
     *
     * @param program the name of whose cache it is
     */
    void take(String program, Path cache) throws IOException;
  }

  Training(Staging staging) {
    this.staging = staging;
  }

  /** Makes the caches of a shape, unless the present build has them; without them, all works. */
  void prepare(StackSettings wanted, Consumer<String> progress) {
    var caches = staging.caches();
    var done = caches.resolve(wanted.shape().label() + ".done");
    if (Files.exists(done)) {
      return;
    }
    progress.accept("Preparing fast starts (once a build, about half a minute)");
    var cutShort = CutShort.byExit(Thread.currentThread());
    try {
      removeOthers(caches);
      Files.createDirectories(caches);
      train(
          wanted.shape(),
          state -> new Staging(StateOption.home(), state).stage(),
          (program, cache) ->
              Files.copy(
                  cache,
                  program.equals(OWN)
                      ? caches.resolveSibling(OWN + SUFFIX)
                      : caches.resolve(program + SUFFIX),
                  StandardCopyOption.REPLACE_EXISTING));
      Files.createFile(done);
    } catch (IOException | RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new Failure("interrupted");
      }
      progress.accept("Going on without: starts will take longer (" + e.getMessage() + ")");
    } finally {
      cutShort.done();
    }
  }

  /**
   * Runs a shape once.
   *
   * @param programs the programs to run, for a state folder
   * @param taker is handed each cache that was made
   */
  static void train(Shape shape, UnaryOperator<Path> programs, Taker taker) throws IOException {
    // A short name: daemons make Unix sockets below it, whose paths are limited.
    var folder = Files.createTempDirectory("pb-");
    try {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      var made = Files.createDirectory(folder.resolve("made"));
      // The services write there as their own users, for this one run.
      Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxrwx"));
      var state = folder.resolve("state");
      var control = new StackControl(state);
      var settings = new StackSettings("_relay.localhost", freeOffset(), shape);
      try {
        control.train(settings, programs.apply(state), made);
        trainCommandLine(state, made);
      } finally {
        stop(control);
      }
      try (var all = Files.newDirectoryStream(made, "*" + SUFFIX)) {
        for (var cache : all) {
          taker.take(String.valueOf(cache.getFileName()).replace(SUFFIX, ""), cache);
        }
      }
    } finally {
      remove(folder);
    }
  }

  /** Also when the work is interrupted, which would keep it from waiting for the end. */
  private static void stop(StackControl control) {
    var interrupted = Thread.interrupted();
    control.stopStarted();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The command's own cache, which the script in the root folder hands to it. */
  private static void trainCommandLine(Path state, Path made) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> !argument.contains("AOT"))
            .toList());
    command.addAll(
        List.of(
            "-XX:AOTCacheOutput=" + made.resolve(OWN + SUFFIX),
            "-cp",
            System.getProperty("java.class.path"),
            Postbus.class.getName(),
            "status",
            "--state",
            state.toString()));
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Of ports of which a stack can take all. */
  static int freeOffset() {
    for (int offset = FIRST_OFFSET; offset <= StackSettings.LARGEST_OFFSET; offset += 7) {
      var ports = new StackPorts(offset, Shape.SEPARATE).all();
      if (ports.values().stream().allMatch(PortHolders::free)) {
        return offset;
      }
    }
    throw new Failure("no free range of ports for a second stack");
  }

  /** Caches of builds that are gone. */
  private static void removeOthers(Path kept) throws IOException {
    var parent = Files.createDirectories(kept.toAbsolutePath().getParent());
    try (var folders = Files.list(parent)) {
      for (var folder : folders.filter(f -> Files.isDirectory(f) && !f.equals(kept)).toList()) {
        remove(folder);
      }
    }
  }

  static void remove(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
