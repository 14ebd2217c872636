package dev.postbus.events;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;

/** Writes files that are there whole, or not at all, whenever the machine stops. */
public final class DurableFile {
  private DurableFile() {}

  /**
   * Writes a file beside its place, flushes it, renames it and flushes the folder.
   *
   * @param file its folder must exist; an older file is replaced
   * @param content the whole of it
   * @throws IOException if it cannot be written; an older file is then still there
   */
  public static void write(Path file, byte[] content) throws IOException {
    write(file, content, Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING));
  }

  /**
   * The same for a file that nobody but its owner may read, at no moment.
   *
   * @throws IOException if it cannot be written; an older file is then still there
   */
  public static void writePrivate(Path file, byte[] content) throws IOException {
    Files.deleteIfExists(fresh(file));
    write(
        file,
        content,
        Set.of(StandardOpenOption.CREATE_NEW),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private static Path fresh(Path file) {
    return file.resolveSibling(file.getFileName() + ".new");
  }

  private static void write(
      Path file, byte[] content, Set<? extends OpenOption> how, FileAttribute<?>... attributes)
      throws IOException {
    var fresh = fresh(file);
    var options = new HashSet<OpenOption>(how);
    options.add(StandardOpenOption.WRITE);
    // In a folder of a less trusted user, a link there could lead anywhere.
    options.add(LinkOption.NOFOLLOW_LINKS);
    try (var channel = FileChannel.open(fresh, options, attributes)) {
      var bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (var folder =
        FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }
}
