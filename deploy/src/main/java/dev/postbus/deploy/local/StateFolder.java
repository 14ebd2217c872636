package dev.postbus.deploy.local;

import java.nio.file.Path;
import java.util.List;

/**
 * A folder that the stack makes before its services start; they make the others.
 *
 * @param name below the state folder; empty for that itself
 * @param mode who may do what with it, as {@code ls} writes it
 */
public record StateFolder(String name, String mode) {
  /** All of them, parents first. */
  public static final List<StateFolder> ALL =
      List.of(
          new StateFolder("", "rwxr-xr-x"),
          new StateFolder("run", "rwx------"),
          new StateFolder("log", "rwx------"),
          new StateFolder("bus", "rwx------"),
          new StateFolder("config", "rwx------"),
          new StateFolder("certs", "rwxr-x---"));

  /** Where it is. */
  public Path in(Path state) {
    return name.isEmpty() ? state : state.resolve(name);
  }
}
