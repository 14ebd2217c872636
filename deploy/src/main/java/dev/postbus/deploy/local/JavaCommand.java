package dev.postbus.deploy.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a program's JVM is started: small, and from its cache of classes that are already loaded,
 * linked and profiled (JEP 483, 514, 515). The JVM takes a cache only for the same jars in the same
 * order, and does without it otherwise.
 *
 * @param programs folder of the staged programs
 * @param training folder to which a training run writes caches at its end; null in ordinary runs
 */
public record JavaCommand(Path programs, @Nullable Path training) {
  /** Name of a program's cache in its folder. */
  public static final String CACHE = "app.aot";

  private static final List<String> SMALL =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseCompactObjectHeaders",
          "-XX:-UsePerfData",
          "-XX:MinHeapFreeRatio=10",
          "-XX:MaxHeapFreeRatio=20",
          "-XX:ReservedCodeCacheSize=32m",
          "-Xss256k",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  /** A Quarkus application. */
  public List<String> quarkus(String program, String... heap) {
    var command = start(program, heap);
    command.addAll(List.of("-jar", programs.resolve(program) + "/quarkus-run.jar"));
    return command;
  }

  /** A plain program, by its main class. */
  public List<String> plain(String program, String main, String... heap) {
    var command = start(program, heap);
    command.addAll(List.of("-cp", classPath(programs.resolve(program)), main));
    return command;
  }

  /** The options that every program's JVM gets, but for the size of its heap. */
  public List<String> options(String program) {
    var options = new ArrayList<>(SMALL);
    options.addAll(cacheOptions(program));
    return options;
  }

  /** What else its JVM is told, so that it makes or uses the program's cache. */
  public List<String> cacheOptions(String program) {
    if (training != null) {
      // Profiles are for the second compiler, which is off.
      return List.of(
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:-AOTRecordTraining",
          "-XX:AOTCacheOutput=" + training.resolve(program + ".aot"));
    }
    var cache = programs.resolve(program).resolve(CACHE);
    return Files.exists(cache)
        ? List.of(
            "-XX:AOTCache=" + cache,
            // Mapped where it was made for: elsewhere, each page of it would be rewritten, and so
            // be memory of its own instead of the file's.
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0",
            "-Xlog:aot=off",
            "-Xlog:cds=off",
            "-Xlog:aot+codecache+stubs=off")
        : List.of();
  }

  private List<String> start(String program, String... heap) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options(program));
    command.addAll(List.of(heap));
    return command;
  }

  /** All jars of a folder, sorted: a wildcard's order is the file system's. */
  public static String classPath(Path folder) {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".jar"))
          .map(Path::toString)
          .sorted()
          .collect(Collectors.joining(":"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the programs in " + folder, e);
    }
  }
}
