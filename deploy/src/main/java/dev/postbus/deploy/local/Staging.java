package dev.postbus.deploy.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Copies the built programs into the state folder: there, users without rights can read them, and a
 * new build does not pull them from under running processes.
 */
public final class Staging {
  private static final List<String> SERVICES =
      List.of("config-service", "cert-service", "mail-supervisor", "web-service", "together");
  private static final List<String> PROGRAMS = List.of("libs/broker", "mail-policy", "deploy");

  /** Dovecot's preloaded library, where it could be built. */
  static final String IDLE_NOTIFY = "native/idle-notify.so";

  private final Path home;
  private final Path apps;

  /**
   * Stages from a checkout into a state folder.
   *
   * @param home the built checkout
   * @param state the stack's state folder
   */
  public Staging(Path home, Path state) {
    this.home = home;
    this.apps = state.resolve("app");
  }

  /**
   * Where the class caches of the present build are, or belong; each is named after its program.
   */
  public Path caches() {
    try {
      return home.resolve("target/caches").resolve(digest(programs()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the programs in " + home, e);
    }
  }

  /** The folder with the programs of the present build, copied if they are not there yet. */
  public Path stage() {
    try {
      var files = programs();
      addCaches(files);
      var target = apps.resolve(digest(files));
      if (!Files.isDirectory(target)) {
        Files.createDirectories(apps);
        var fresh = Files.createTempDirectory(apps, ".new-");
        for (var file : files.entrySet()) {
          var to = fresh.resolve(file.getKey());
          Files.createDirectories(to.getParent());
          if (to.endsWith(JavaCommand.CACHE)) {
            link(file.getValue(), to);
          } else {
            // With its time: a cache is valid only for jars that are as old as they were.
            Files.copy(file.getValue(), to, StandardCopyOption.COPY_ATTRIBUTES);
          }
        }
        open(fresh);
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
      }
      removeAllBut(target);
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy the programs to " + apps, e);
    }
  }

  /** What is copied, by where it goes. */
  private SortedMap<String, Path> programs() throws IOException {
    var files = new TreeMap<String, Path>();
    for (var service : SERVICES) {
      collect(home.resolve(service).resolve("target/quarkus-app"), service, files);
    }
    for (var program : PROGRAMS) {
      var target = home.resolve(program).resolve("target");
      var name = Path.of(program).getFileName().toString();
      collect(target.resolve("program"), name, files);
      try (var jars = Files.newDirectoryStream(target, "*-SNAPSHOT.jar")) {
        for (var jar : jars) {
          files.put(name + "/" + jar.getFileName(), jar);
        }
      }
    }
    var library = home.resolve("mail-supervisor/target").resolve(IDLE_NOTIFY);
    if (Files.exists(library)) {
      files.put(IDLE_NOTIFY, library);
    }
    return files;
  }

  private void addCaches(SortedMap<String, Path> files) throws IOException {
    var folder = caches();
    if (Files.isDirectory(folder)) {
      try (var caches = Files.newDirectoryStream(folder, "*.aot")) {
        for (var cache : caches) {
          var program = cache.getFileName().toString().replace(".aot", "");
          files.put(program + "/" + JavaCommand.CACHE, cache);
        }
      }
    }
  }

  /** Caches are large, and never written to again: one copy will do. */
  private static void link(Path existing, Path link) throws IOException {
    try {
      Files.createLink(link, existing);
    } catch (IOException | UnsupportedOperationException otherFileSystem) {
      Files.copy(existing, link);
    }
  }

  private static void collect(Path folder, String name, SortedMap<String, Path> files)
      throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IllegalStateException(
          folder + " is missing: build Postbus first (./postbus does so by itself)");
    }
    try (var walk = Files.walk(folder)) {
      walk.filter(Files::isRegularFile)
          .forEach(file -> files.put(name + "/" + folder.relativize(file), file));
    }
  }

  private static String digest(SortedMap<String, Path> files) throws IOException {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      for (var file : files.entrySet()) {
        var attributes =
            file.getKey()
                + Files.size(file.getValue())
                + Files.getLastModifiedTime(file.getValue()).toMillis();
        sha.update(attributes.getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(sha.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void open(Path folder) throws IOException {
    try (var walk = Files.walk(folder)) {
      for (var path : walk.toList()) {
        var mode = Files.isDirectory(path) ? "rwxr-xr-x" : "rw-r--r--";
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
      }
    }
  }

  private void removeAllBut(Path kept) throws IOException {
    try (var entries = Files.list(apps)) {
      for (var entry : entries.filter(e -> !e.equals(kept)).toList()) {
        try (var walk = Files.walk(entry)) {
          for (var path : walk.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(path);
          }
        }
      }
    }
  }
}
