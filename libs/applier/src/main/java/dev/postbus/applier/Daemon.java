package dev.postbus.applier;

import java.nio.file.Path;
import java.util.Optional;

/** A daemon as far as changes of its configuration go; its files lie in a folder of its name. */
public interface Daemon {
  /** Its name, also that of its process and its folder. */
  String name();

  /** What its own checker says against a rendered folder; empty if nothing. */
  Optional<String> problem(Path rendered);

  /** Whether it takes up changes only when the others have, as its processes need theirs. */
  default boolean afterOthers() {
    return false;
  }

  /**
   * What {@link #takeUp} would do, when its files differ.
   *
   * @return as {@link #takeUp}
   */
  default String wouldDo(Optional<Path> before, Path now) {
    return "reloaded";
  }

  /**
   * Has it take up its changed files, which are in force already.
   *
   * @param before the folder that was in force before
   * @param now the folder that is in force
   * @return what was done: {@code reloaded}, {@code restarted}, or {@code renewed} when its
   *     processes are replaced one by one as they become free
   * @throws DaemonRefusal if it does not serve with them
   */
  String takeUp(Optional<Path> before, Path now) throws DaemonRefusal;
}
