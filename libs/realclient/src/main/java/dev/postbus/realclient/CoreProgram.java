package dev.postbus.realclient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** The core's program: one static file in a package of npm, fetched once and kept. */
public final class CoreProgram {
  private static final Map<String, String> ARCHITECTURES =
      Map.of("amd64", "linux-x64", "aarch64", "linux-arm64");
  private static final long PATIENCE_MINUTES = 5;

  private final Path cache;
  private final String npm;
  private final String architecture;

  /**
   * A program that belongs into a cache.
   *
   * @param cache folder that keeps it
   * @param npm the command that fetches packages
   * @param architecture as the JVM calls it
   */
  CoreProgram(Path cache, String npm, String architecture) {
    this.cache = cache;
    this.npm = npm;
    this.architecture = architecture;
  }

  /** The one for this machine. */
  public static CoreProgram here(Path cache) {
    return new CoreProgram(cache, "npm", System.getProperty("os.arch"));
  }

  /**
   * The program's file; fetches it if it is not there yet.
   *
   * @throws CoreUnavailable if there is none for this architecture, or it cannot be fetched
   * @throws IOException if what was fetched is not what it was
   */
  public Path file() throws IOException, InterruptedException {
    var platform = ARCHITECTURES.get(architecture);
    if (platform == null) {
      throw new CoreUnavailable(
          "Delta Chat's core comes for %s, not for %s"
              .formatted(ARCHITECTURES.keySet(), architecture));
    }
    var name = "@deltachat/stdio-rpc-server-" + platform;
    var version = version();
    var folder = cache.resolve(version);
    var file = folder.resolve("node_modules/" + name + "/deltachat-rpc-server");
    if (!Files.isExecutable(file)) {
      fetch(folder, name + "@" + version);
    }
    if (!Files.isExecutable(file)) {
      throw new IOException(file + " is not in the package of npm as it was");
    }
    return file;
  }

  private void fetch(Path folder, String what) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    var log = folder.resolve("npm.log").toFile();
    var install =
        List.of(npm, "install", "--ignore-scripts", "--no-save", "--no-audit", "--no-fund", what);
    Process process;
    try {
      process =
          new ProcessBuilder(install)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log)
              .start();
    } catch (IOException e) {
      throw new CoreUnavailable(
          "Delta Chat's core is fetched by npm, which is not there: apt-get install npm", e);
    }
    if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new CoreUnavailable(
          "npm did not fetch %s in %d minutes".formatted(what, PATIENCE_MINUTES));
    }
    if (process.exitValue() != 0) {
      throw new CoreUnavailable("npm could not fetch %s; its words are in %s".formatted(what, log));
    }
  }

  /** The root pom.xml says which, as of everything that is not Postbus's own. */
  private static String version() throws IOException {
    try (var in = CoreProgram.class.getResourceAsStream("core.properties")) {
      var properties = new Properties();
      if (in == null) {
        throw new IOException("core.properties is not in the program: build Postbus again");
      }
      properties.load(in);
      return properties.getProperty("version");
    }
  }
}
