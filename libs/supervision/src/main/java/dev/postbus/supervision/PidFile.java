package dev.postbus.supervision;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Remembers a started process across a crash of its supervisor: pid and start time, because a pid
 * alone may belong to somebody else by then.
 */
final class PidFile {
  private final Path file;

  PidFile(Path folder, String process) {
    this.file = folder.resolve(process + ".pid");
  }

  void write(long pid) {
    var started = ProcessTable.startTime(pid);
    if (started.isEmpty()) {
      return;
    }
    try {
      var fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(fresh, pid + " " + started.getAsLong() + "\n");
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  void remove() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + file, e);
    }
  }

  /** Ends what a killed supervisor left behind. */
  void endLeftover() {
    try {
      if (!Files.exists(file)) {
        return;
      }
      var words = Files.readString(file).strip().split(" ");
      if (words.length == 2 && words[0].matches("\\d+") && words[1].matches("\\d+")) {
        var pid = Long.parseLong(words[0]);
        var now = ProcessTable.startTime(pid);
        // The leader may be gone while others of its session live: then nobody else can have its
        // number, as a session's number is not given out again while it is in use.
        if (now.isEmpty() || now.getAsLong() == Long.parseLong(words[1])) {
          Signals.endSession(pid);
        }
      }
      remove();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
