package dev.postbus.watch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Everything in some folders and below, up to a bound: what lies beyond is not followed.
 *
 * @param roots which folders
 */
record WatchedFolders(Supplier<List<Path>> roots) implements Watched {
  private static final int DEEPEST = 16;
  private static final int MOST = 5000;

  @Override
  public Map<Path, Set<String>> folders() {
    var trail = new Trail();
    roots.get().forEach(trail::add);
    var folders = new HashMap<>(trail.steps());
    for (var path : all()) {
      if (Files.isDirectory(path)) {
        folders.put(path, FolderWatch.ANY);
      }
    }
    return folders;
  }

  @Override
  public Object state() {
    var state = new TreeMap<Path, Object>();
    for (var path : all()) {
      state.put(path, new WatchedFile(path).state());
    }
    return state;
  }

  private List<Path> all() {
    return roots.get().stream().flatMap(root -> below(root).stream()).toList();
  }

  private static List<Path> below(Path root) {
    try (var walk = Files.walk(root, DEEPEST, FileVisitOption.FOLLOW_LINKS)) {
      return walk.limit(MOST).toList();
    } catch (IOException | UncheckedIOException goneOrInALoop) {
      return List.of();
    }
  }

  @Override
  public String toString() {
    return roots.get().toString();
  }
}
