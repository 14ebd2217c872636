package dev.postbus.cli.doctor;

import dev.postbus.deploy.local.Shape;
import dev.postbus.deploy.local.StateFolder;
import dev.postbus.doctor.Check;
import dev.postbus.doctor.Finding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who owns the state, and who may read it.
 *
 * @param state the state folder
 * @param shape the services run in
 * @param running whether they do so now
 */
record StateCheck(Path state, Shape shape, boolean running) implements Check {
  private static final int MAIL_UID = 5000;
  // Enough to see that something was copied by somebody else, also with many accounts.
  private static final int MOST_FILES = 20_000;

  @Override
  public String name() {
    return "state";
  }

  @Override
  public List<Finding> look() {
    if (!Files.exists(state)) {
      return List.of(ok(state + " is not there yet: ./postbus up makes it"));
    }
    var found = new ArrayList<Finding>();
    for (var folder : StateFolder.ALL) {
      if (Files.exists(folder.in(state))) {
        modeOf(folder, found);
        ownersIn(folder, found);
      }
    }
    for (var folder : List.of("mailboxes", "policy")) {
      if (Files.exists(state.resolve(folder))) {
        owners(state.resolve(folder), MAIL_UID, 2, found);
      }
    }
    readableKeys(found);
    if (found.isEmpty()) {
      found.add(ok("owners and modes in " + state + " are right"));
    }
    return found;
  }

  private void modeOf(StateFolder folder, List<Finding> found) {
    var path = folder.in(state);
    var mode = PosixFilePermissions.toString(permissions(path));
    if (!mode.equals(folder.mode())) {
      found.add(
          warning(
              "%s is %s, and should be %s".formatted(path, mode, folder.mode()),
              "the next ./postbus up mends it; or: chmod %s %s"
                  .formatted(octal(folder.mode()), path)));
    }
  }

  private void ownersIn(StateFolder folder, List<Finding> found) {
    var owner = shape.ownerOf(folder.name());
    var path = folder.in(state);
    // A start gives all of a folder to another owner, but looks at the folder alone.
    if (owner != 0 && (running || owner(path) == owner)) {
      owners(path, owner, Integer.MAX_VALUE, found);
    }
  }

  private void owners(Path folder, int owner, int depth, List<Finding> found) {
    try (var files = Files.walk(folder, depth)) {
      var others =
          files.limit(MOST_FILES).filter(file -> owner(file) != owner).map(Path::toString).toList();
      if (!others.isEmpty()) {
        found.add(
            problem(
                "%s belongs to user %d, not to %d, who works with it%s"
                    .formatted(
                        others.getFirst(),
                        owner(Path.of(others.getFirst())),
                        owner,
                        others.size() == 1 ? "" : "; so do " + (others.size() - 1) + " others"),
                "chown -Rh %d:%d %s".formatted(owner, owner, folder)));
      }
    } catch (IOException | UncheckedIOException e) {
      found.add(
          warning(
              "%s cannot be looked through: %s".formatted(folder, e.getMessage()),
              "run this as root"));
    }
  }

  private void readableKeys(List<Finding> found) {
    for (var key : keys()) {
      if (permissions(key).contains(PosixFilePermission.OTHERS_READ)) {
        found.add(
            problem(
                "the private key %s may be read by everybody on this machine".formatted(key),
                "chmod 600 %s; if somebody else was here, get a new one: ./postbus cert renew --force"
                    .formatted(key)));
      }
    }
  }

  private List<Path> keys() {
    var generations = state.resolve("certs/generations");
    if (!Files.isReadable(generations)) {
      return List.of();
    }
    try (var folders = Files.list(generations)) {
      return folders
          .flatMap(
              folder -> Stream.of(folder.resolve("privkey.pem"), folder.resolve("chain+key.pem")))
          .filter(Files::exists)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + generations, e);
    }
  }

  private static Set<PosixFilePermission> permissions(Path path) {
    try {
      return Files.getPosixFilePermissions(path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look at " + path, e);
    }
  }

  /** A file that has just gone belongs to nobody. */
  private static int owner(Path path) {
    try {
      return (Integer)
          Objects.requireNonNull(Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS));
    } catch (IOException gone) {
      return -1;
    }
  }

  private static String octal(String mode) {
    var bits = 0;
    for (var i = 0; i < mode.length(); i++) {
      bits = bits * 2 + (mode.charAt(i) == '-' ? 0 : 1);
    }
    return Integer.toOctalString(bits);
  }
}
