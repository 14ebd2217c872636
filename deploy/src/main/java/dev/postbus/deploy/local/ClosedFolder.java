package dev.postbus.deploy.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A parent folder of the state that other users may not enter, such as {@code /root}. The stack
 * then runs in a mount namespace of its own, in which that folder is an empty one that holds
 * nothing but the state, at the same path.
 */
public record ClosedFolder(Path folder) {
  private static final String OPEN_STATE =
      """
      set -e
      state=$1 closed=$2
      shift 2
      mount --bind "$state" /mnt
      mount -t tmpfs -o mode=0755,size=64k tmpfs "$closed"
      mkdir -p "$state"
      mount --move /mnt "$state"
      cd "$state"
      exec "$@"
      """;

  /** The outermost closed parent of a state folder, if there is one. */
  public static Optional<ClosedFolder> above(Path state) {
    var parents = new ArrayList<Path>();
    for (var parent = state.getParent(); parent != null; parent = parent.getParent()) {
      parents.addFirst(parent);
    }
    return parents.stream().filter(ClosedFolder::closed).findFirst().map(ClosedFolder::new);
  }

  /** The command that runs another one with the state opened. */
  public List<String> opening(Path state, List<String> command) {
    var line =
        new ArrayList<>(
            List.of("unshare", "--mount", "--propagation", "slave", "sh", "-c", OPEN_STATE, "sh"));
    line.add(state.toString());
    line.add(folder.toString());
    line.addAll(command);
    return line;
  }

  private static boolean closed(Path folder) {
    try {
      return !Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look at " + folder, e);
    }
  }
}
