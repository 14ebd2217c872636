package dev.postbus.policy.push;

import dev.postbus.policy.storage.DurableFile;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Notifications on disk, one file each; what is none lies in a folder {@code aside}. */
final class QueueFolder {
  private static final Logger log = Logger.getLogger(QueueFolder.class.getName());
  private static final int LARGEST_FILE = 4096;
  private static final String ASIDE = "aside";

  private final Path folder;

  QueueFolder(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(
        folder.resolve(ASIDE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /** Writes a notification in the place of an earlier one of the same device. */
  void write(Notification notification) throws IOException {
    DurableFile.write(folder.resolve(notification.id()), notification.written());
  }

  /** Reads one; empty if it is gone, or was damaged and has been put aside. */
  Optional<Notification> read(String id) throws IOException {
    byte[] bytes;
    try {
      bytes = DurableFile.read(folder.resolve(id), LARGEST_FILE);
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
    var notification = Notification.read(bytes, id);
    if (notification.isEmpty()) {
      putAside(id);
    }
    return notification;
  }

  void delete(String id) throws IOException {
    Files.deleteIfExists(folder.resolve(id));
  }

  /** Ids of what an earlier run left; all else in the folder is cleared away. */
  List<String> leftOver() throws IOException {
    var ids = new ArrayList<String>();
    try (var entries = Files.newDirectoryStream(folder)) {
      for (var entry : entries) {
        var name = entry.getFileName().toString();
        if (Notification.isId(name) && Files.isRegularFile(entry)) {
          ids.add(name);
        } else if (name.endsWith(DurableFile.UNFINISHED) && Files.isRegularFile(entry)) {
          Files.delete(entry);
        } else if (!name.equals(ASIDE)) {
          putAside(name);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return ids;
  }

  /** Never in the way of the others: what cannot be moved stays and is told of. */
  private void putAside(String name) {
    var aside = folder.resolve(ASIDE);
    try {
      Files.move(folder.resolve(name), aside.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      log.log(
          Level.SEVERE,
          "{0} in {1} is not a whole notification: it lies in {2} now, look at it and remove it",
          new Object[] {name, folder, aside});
    } catch (IOException e) {
      log.log(
          Level.SEVERE,
          "{0} in {1} is not a whole notification, and cannot be moved to {2} ({3}): remove it",
          new Object[] {name, folder, aside, e.getClass().getSimpleName()});
    }
  }
}
