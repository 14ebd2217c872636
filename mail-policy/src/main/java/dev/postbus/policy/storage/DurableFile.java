package dev.postbus.policy.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files of this user alone that are there whole, or not at all, whenever the machine stops. */
public final class DurableFile {
  /** How the name of a file ends that is being written; one that is left over is of no use. */
  public static final String UNFINISHED = ".new";

  private DurableFile() {}

  /**
   * Writes a file beside its place, flushes it, renames it and flushes the folder.
   *
   * @param file its folder must exist; an older file is replaced; one writer at a time
   * @param content the whole of it
   * @throws IOException if it cannot be written; an older file is then still there
   */
  public static void write(Path file, byte[] content) throws IOException {
    var fresh = file.resolveSibling(file.getFileName() + UNFINISHED);
    try (var channel =
        FileChannel.open(
            fresh,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      var bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    flushFolderOf(file);
  }

  /** Removes a file, if it is there; it does not come back when the machine stops. */
  public static void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
    flushFolderOf(file);
  }

  private static void flushFolderOf(Path file) throws IOException {
    try (var folder =
        FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  /**
   * Reads a file that should be small.
   *
   * @param most bytes that it may have
   * @return its content, or one byte more than allowed if it is longer
   */
  public static byte[] read(Path file, int most) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return in.readNBytes(most + 1);
    }
  }
}
