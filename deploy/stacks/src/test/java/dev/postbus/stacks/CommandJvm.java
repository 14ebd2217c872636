package dev.postbus.stacks;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.spi.ToolProvider;

/**
 * The JVM that the command runs in. The first run of a subcommand leaves an archive of its classes
 * (JEP 350), as the class caches of an installed relay do, and the later ones start in a fraction
 * of the time: tests run it hundreds of times.
 */
final class CommandJvm {
  private static final ToolProvider JAR = ToolProvider.findFirst("jar").orElseThrow();
  private static final String MAKE = "-XX:ArchiveClassesAtExit=";
  private static final CommandJvm INSTANCE = new CommandJvm(Path.of("target", "command"));

  private final Path folder;
  private final String classPath;
  private final Map<String, Path> archives = new ConcurrentHashMap<>();

  private CommandJvm(Path folder) {
    try {
      // Archives of classes that have been compiled anew since.
      if (Files.isDirectory(folder)) {
        LocalRelay.remove(folder);
      }
      this.folder = Files.createDirectories(folder).toAbsolutePath();
      this.classPath = jarsOnly(System.getProperty("java.class.path"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + folder, e);
    }
  }

  /** The one for the class path of this JVM. */
  static CommandJvm here() {
    return INSTANCE;
  }

  /** What is put between the java and its own options and class, for a subcommand. */
  List<String> options(String subcommand) {
    var options = new ArrayList<>(List.of("-cp", classPath, "-Xlog:disable"));
    // It makes the class caches of an installed relay, by a JVM with its own options.
    if (subcommand.equals("up")) {
      return options;
    }
    var archive = archives.get(subcommand);
    options.add(archive == null ? MAKE + fresh(subcommand) : "-XX:SharedArchiveFile=" + archive);
    return options;
  }

  /**
   * Takes up the archive that a run with these options has left, if it came to its end: one that
   * broke off has not seen all classes.
   */
  void ran(String subcommand, List<String> options, boolean toItsEnd) throws IOException {
    if (options.getLast().startsWith(MAKE)) {
      var made = Path.of(options.getLast().substring(MAKE.length()));
      if (!toItsEnd) {
        Files.deleteIfExists(made);
      } else if (Files.exists(made)) {
        archives.putIfAbsent(subcommand, made);
      }
    }
  }

  private Path fresh(String subcommand) {
    return folder.resolve(subcommand + "-" + System.nanoTime() + ".jsa");
  }

  /** There is no archive of classes in folders. */
  private String jarsOnly(String path) throws IOException {
    var jars = new ArrayList<String>();
    for (var entry : path.split(File.pathSeparator)) {
      if (!Files.isDirectory(Path.of(entry))) {
        jars.add(entry);
      } else if (!entry.endsWith("test-classes")) {
        jars.add(jarOf(entry, folder.resolve("classes-" + jars.size() + ".jar")));
      }
    }
    return String.join(File.pathSeparator, jars);
  }

  private static String jarOf(String classes, Path jar) throws IOException {
    var exit =
        JAR.run(
            System.out,
            System.err,
            "--create",
            "--no-compress",
            "--file",
            jar.toString(),
            "-C",
            classes,
            ".");
    if (exit != 0) {
      throw new IOException("cannot put " + classes + " into " + jar);
    }
    return jar.toString();
  }
}
