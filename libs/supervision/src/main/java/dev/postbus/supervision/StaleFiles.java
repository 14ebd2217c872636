package dev.postbus.supervision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files that belong to a running process and mean harm when it is gone: locks, pid files, sockets.
 *
 * @param folder where they are; it need not exist yet
 * @param glob their names in it, see {@link java.nio.file.FileSystem#getPathMatcher}
 */
public record StaleFiles(Path folder, String glob) {
  void remove() throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (var files = Files.newDirectoryStream(folder, glob)) {
      for (var file : files) {
        Files.deleteIfExists(file);
      }
    }
  }
}
