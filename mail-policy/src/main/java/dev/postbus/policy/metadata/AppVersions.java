package dev.postbus.policy.metadata;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.postbus.policy.storage.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Newest versions of client programs, from a file that an operator keeps; read when it changes. */
final class AppVersions {
  private static final Logger log = Logger.getLogger(AppVersions.class.getName());
  // Escaped and in the dict protocol's longest line, 64 KiB, it still has to have room.
  private static final int LARGEST_FILE = 8 * 1024;
  private static final ObjectMapper JSON = AsciiJson.mapper();

  private volatile @Nullable Read last;

  private record Read(Path file, FileTime time, long size, Optional<String> line) {}

  /** The file's JSON object in one line; empty if there is no file, or nothing like that in it. */
  Optional<String> line(Path file) throws IOException {
    BasicFileAttributes now;
    try {
      now = Files.readAttributes(file, BasicFileAttributes.class);
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
    var read = last;
    if (read == null
        || !read.file.equals(file)
        || !read.time.equals(now.lastModifiedTime())
        || read.size != now.size()) {
      read = new Read(file, now.lastModifiedTime(), now.size(), parsed(file));
      last = read;
    }
    return read.line;
  }

  private static Optional<String> parsed(Path file) throws IOException {
    var bytes = DurableFile.read(file, LARGEST_FILE);
    try {
      if (bytes.length <= LARGEST_FILE && JSON.readTree(bytes) instanceof ObjectNode versions) {
        return Optional.of(JSON.writeValueAsString(versions));
      }
    } catch (IOException unreadable) {
      log.log(Level.FINE, "app versions: {0}", unreadable.getClass().getSimpleName());
    }
    log.log(
        Level.WARNING,
        "{0} is no JSON object of up to {1} bytes: clients are told of no versions; mend or remove"
            + " it",
        new Object[] {file, Integer.toString(LARGEST_FILE)});
    return Optional.empty();
  }
}
