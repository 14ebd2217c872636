package dev.postbus.applier;

import java.nio.file.Path;
import java.util.Optional;

/** A daemon as far as changes of its configuration go; its files lie in a folder of its name. */
public interface Daemon {
  /** Its name, also that of its process and its folder. */
  String name();

  /** What its own checker says against a rendered folder; empty if nothing. */
  Optional<String> problem(Path rendered);

  /**
   * Has it take up its changed files, which are in force already.
   *
   * @param before the folder that was in force before
   * @param now the folder that is in force
   * @return what was done: {@code reloaded} or {@code restarted}
   * @throws DaemonRefusal if it does not serve with them
   */
  String takeUp(Optional<Path> before, Path now) throws DaemonRefusal;
}
