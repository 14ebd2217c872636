package dev.postbus.supervision;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Rendered configurations side by side in numbered folders, with a symbolic link {@code current} to
 * the one in force. The link changes by a rename: at any moment, also after a kill, it names a
 * folder that was written whole.
 */
public final class Rollout {
  private static final String LINK = "current";
  private static final int KEPT = 5;
  // A process that a reload replaced may still serve what it has begun from its own folder.
  private static final Duration KEPT_FOR = Duration.ofMinutes(2);

  private final Path folder;

  /**
   * A place for rendered configurations.
   *
   * @param folder made if missing; nothing else may be kept in it
   */
  public Rollout(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + folder, e);
    }
  }

  /** Writes a configuration into a folder. */
  @FunctionalInterface
  public interface Renderer {
    /** Writes all files; the folder is empty at first. */
    void render(Path into) throws IOException;
  }

  /** The link's path; it is what daemons are given as their configuration folder. */
  public Path link() {
    return folder.resolve(LINK);
  }

  /** The folder in force. */
  public Optional<Path> current() {
    try {
      return Optional.of(folder.resolve(Files.readSymbolicLink(link())));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the link " + link(), e);
    }
  }

  /** Renders into a new folder, which is not in force yet. */
  public Path prepare(Renderer renderer) {
    var number = numbered().stream().mapToLong(Rollout::numberOf).max().orElse(0) + 1;
    var fresh = folder.resolve(Long.toString(number));
    try {
      Files.createDirectory(fresh);
      renderer.render(fresh);
      try (var files = Files.walk(fresh)) {
        for (var file : files.toList()) {
          sync(file);
        }
      }
      sync(folder);
      return fresh;
    } catch (IOException | RuntimeException e) {
      discard(fresh);
      throw e instanceof IOException io
          ? new UncheckedIOException("cannot render a configuration into " + fresh, io)
          : (RuntimeException) e;
    }
  }

  /**
   * Puts a prepared (or an earlier) folder in force, and forgets all but the newest few and those
   * of the last two minutes.
   */
  public void switchTo(Path prepared) {
    try {
      var fresh = folder.resolve(LINK + ".new");
      Files.deleteIfExists(fresh);
      Files.createSymbolicLink(fresh, prepared.getFileName());
      Files.move(fresh, link(), StandardCopyOption.ATOMIC_MOVE);
      sync(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot switch " + link() + " to " + prepared, e);
    }
    var older =
        numbered().stream()
            .filter(path -> !path.getFileName().equals(prepared.getFileName()))
            .sorted(Comparator.comparingLong(Rollout::numberOf).reversed())
            .skip(KEPT - 1)
            .filter(Rollout::old)
            .toList();
    older.forEach(Rollout::discard);
  }

  private static boolean old(Path rendered) {
    try {
      var when = Files.getLastModifiedTime(rendered).toInstant();
      return when.isBefore(Instant.now().minus(KEPT_FOR));
    } catch (IOException gone) {
      return true;
    }
  }

  /** Removes a prepared folder that is not wanted after all. */
  public static void discard(Path prepared) {
    try (var files = Files.walk(prepared)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException gone) {
      // Nothing was rendered.
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + prepared, e);
    }
  }

  private List<Path> numbered() {
    try (var entries = Files.list(folder)) {
      return entries.filter(path -> path.getFileName().toString().matches("\\d+")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder, e);
    }
  }

  private static long numberOf(Path path) {
    return Long.parseLong(path.getFileName().toString());
  }

  private static void sync(Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return;
    }
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
