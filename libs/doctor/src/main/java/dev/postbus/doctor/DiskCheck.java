package dev.postbus.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Space where the state is, or will be.
 *
 * @param state the state folder
 * @param least bytes below which the relay does not work
 * @param enough bytes below which it does not make accounts
 */
public record DiskCheck(Path state, long least, long enough) implements Check {
  /** The programs, and room for the bus and the queue. */
  public static final long LEAST = 512L << 20;

  /** The default of min_free_disk_space. */
  public static final long ENOUGH = 1L << 30;

  @Override
  public String name() {
    return "disk";
  }

  @Override
  public List<Finding> look() {
    var there = nearest(state);
    try {
      var disk = Files.getFileStore(there);
      var free = disk.getUsableSpace();
      var said = "%d MB are free at %s".formatted(free >> 20, there);
      if (disk.isReadOnly()) {
        return List.of(
            problem(there + " cannot be written to", "choose another folder: --state DIR"));
      }
      if (free < least) {
        return List.of(
            problem(
                said + ", and a relay needs %d".formatted(least >> 20),
                "make room, or choose a folder on another disk: --state DIR"));
      }
      return List.of(
          free < enough
              ? warning(said + ": below min_free_disk_space no account is made", "make room")
              : ok(said));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look at the disk of " + there, e);
    }
  }

  /** The folder itself, or the nearest above it that is there. */
  public static Path nearest(Path folder) {
    for (var there = folder; there != null; there = there.getParent()) {
      if (Files.exists(there)) {
        return there;
      }
    }
    return folder;
  }
}
