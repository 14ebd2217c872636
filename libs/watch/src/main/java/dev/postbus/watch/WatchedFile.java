package dev.postbus.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** A file, wherever the way to it leads. */
record WatchedFile(Path file) implements Watched {
  static final String ATTRIBUTES = "unix:dev,ino,size,lastModifiedTime,ctime";

  @Override
  public Map<Path, Set<String>> folders() {
    var trail = new Trail();
    trail.add(file);
    return trail.steps();
  }

  @Override
  public Object state() {
    try {
      return Files.readAttributes(file, ATTRIBUTES);
    } catch (IOException gone) {
      return Map.of();
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
