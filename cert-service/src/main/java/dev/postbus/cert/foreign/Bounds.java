package dev.postbus.cert.foreign;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the files of a source may lie once their links are followed: whoever can write to a
 * manager's folder must not have this service, which may read more than they, read other files.
 *
 * <p>That is the named folder; or, for managers that keep links in a folder {@code live} to files
 * beside it (certbot's {@code archive}, acmetool's {@code certs} and {@code keys}), the folder that
 * {@code live} is in.
 *
 * @param folders without links in their paths
 */
record Bounds(List<Path> folders) {
  static Bounds of(ForeignSource source) throws IOException {
    var named =
        switch (source) {
          case ForeignSource.Folder folder -> List.of(folder.folder());
          case ForeignSource.TraefikFile store -> List.of(parent(store.file()));
          case ForeignSource.TwoFiles files ->
              List.of(parent(files.certificate()), parent(files.key()));
        };
    var folders = new ArrayList<Path>();
    for (var folder : named) {
      folders.add(home(folder).toRealPath());
    }
    return new Bounds(List.copyOf(folders));
  }

  boolean hold(Path realPath) {
    return folders.stream().anyMatch(realPath::startsWith);
  }

  private static Path home(Path folder) {
    for (Path at = folder; at != null; at = at.getParent()) {
      var name = at.getFileName();
      if (name != null && name.toString().equals("live") && parent(at).getNameCount() > 0) {
        return parent(at);
      }
    }
    return folder;
  }

  private static Path parent(Path file) {
    var parent = file.getParent();
    return parent == null ? file : parent;
  }
}
