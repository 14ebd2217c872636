package dev.postbus.watch;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** What is followed. */
interface Watched {
  /** The folders in which something must happen for it to change, with the names that matter. */
  Map<Path, Set<String>> folders();

  /** Something that is equal as long as nothing has changed. */
  Object state();
}
