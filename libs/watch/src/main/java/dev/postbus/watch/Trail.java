package dev.postbus.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The folders that the way to a file leads through, links followed as the kernel does, each with
 * the names in it that the way depends on. Whoever changes where the way leads changes one of them.
 */
public final class Trail {
  /** As the kernel's own bound, see path_resolution(7). */
  private static final int MOST_LINKS = 40;

  private final Map<Path, Set<String>> steps = new LinkedHashMap<>();

  /** The folders, without links in their paths. */
  public Map<Path, Set<String>> steps() {
    return steps;
  }

  /** Adds the way to a file, up to where something is missing. */
  public void add(Path file) {
    var left = new ArrayDeque<Path>();
    file.toAbsolutePath().normalize().forEach(left::add);
    var here = Path.of("/");
    var links = 0;
    while (!left.isEmpty()) {
      var name = left.remove();
      if (name.toString().equals("..")) {
        var parent = here.getParent();
        here = parent == null ? here : parent;
      } else if (!name.toString().equals(".") && !name.toString().isEmpty()) {
        steps.computeIfAbsent(here, folder -> new LinkedHashSet<>()).add(name.toString());
        var next = here.resolve(name);
        if (Files.isSymbolicLink(next)) {
          var target = target(next);
          if (target == null || ++links > MOST_LINKS) {
            return;
          }
          here = target.isAbsolute() ? Path.of("/") : here;
          var components = new ArrayDeque<Path>();
          target.forEach(components::add);
          components.addAll(left);
          left.clear();
          left.addAll(components);
        } else if (Files.exists(next, LinkOption.NOFOLLOW_LINKS)) {
          here = next;
        } else {
          return;
        }
      }
    }
  }

  private static @org.jspecify.annotations.Nullable Path target(Path link) {
    try {
      return Files.readSymbolicLink(link);
    } catch (IOException gone) {
      return null;
    }
  }
}
