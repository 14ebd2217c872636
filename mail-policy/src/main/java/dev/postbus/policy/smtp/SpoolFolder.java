package dev.postbus.policy.smtp;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where messages wait that are too large for memory, how much memory the others share, and how many
 * there may be. A file has no name any more once it is open, so that a kill leaves none behind.
 */
final class SpoolFolder {
  private static final String SUFFIX = ".spool";

  // Whatever a message needs besides must fit into the heap for all of them. Postfix has at most
  // 100
  // processes for each of its two services that speak to a filter.
  private static final int MOST_MESSAGES = 300;

  private final Path folder;
  private final Semaphore places = new Semaphore(MOST_MESSAGES);
  private final AtomicLong memoryLeft;
  private final AtomicLong number = new AtomicLong();

  private SpoolFolder(Path folder, long memory) {
    this.folder = folder;
    this.memoryLeft = new AtomicLong(memory);
  }

  /**
   * Opens a folder of our own, and removes what a process that was killed left there.
   *
   * @param memory bytes that all messages in memory may have together
   */
  static SpoolFolder open(Path folder, long memory) throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    try (var left = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (var file : left) {
        Files.deleteIfExists(file);
      }
    }
    return new SpoolFolder(folder, memory);
  }

  /** A place for a message, if there is one; it is given back when it is closed. */
  Optional<Spool> spool() {
    return places.tryAcquire() ? Optional.of(new Spool(this)) : Optional.empty();
  }

  /** Takes the place of a message back. */
  void leave() {
    places.release();
  }

  /** A new file, gone from the folder at once and from the disk when it is closed. */
  FileChannel file() throws IOException {
    var name = ProcessHandle.current().pid() + "-" + number.incrementAndGet() + SUFFIX;
    return FileChannel.open(
        folder.resolve(name),
        StandardOpenOption.CREATE_NEW,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE);
  }

  /** Takes memory from what is shared, if so much is left. */
  boolean reserve(long bytes) {
    while (true) {
      var left = memoryLeft.get();
      if (left < bytes) {
        return false;
      }
      if (memoryLeft.compareAndSet(left, left - bytes)) {
        return true;
      }
    }
  }

  void release(long bytes) {
    memoryLeft.addAndGet(bytes);
  }

  long memoryLeft() {
    return memoryLeft.get();
  }
}
