package dev.postbus.mail;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What waits in Postfix's queue, and the room that there is for mail.
 *
 * @param queue messages by the queue that they are in; one that has more than {@link #MOST} is said
 *     to have that many
 * @param freeBytes what may still be written where the mailboxes are
 * @param diskBytes the size of that file system
 */
public record MailStorage(Map<String, Long> queue, long freeBytes, long diskBytes) {
  /** So many messages of a queue are counted. */
  static final long MOST = 100_000;

  private static final List<String> QUEUES =
      List.of("maildrop", "incoming", "active", "deferred", "hold");

  /** Copies the map. */
  public MailStorage {
    queue = Collections.unmodifiableMap(new LinkedHashMap<>(queue));
  }

  /**
   * Looks.
   *
   * @param queueFolder Postfix's queue_directory
   * @param mailboxes where mail is delivered to
   */
  static MailStorage of(Path queueFolder, Path mailboxes) throws IOException {
    var queue = new LinkedHashMap<String, Long>();
    for (var name : QUEUES) {
      queue.put(name, count(queueFolder.resolve(name)));
    }
    var disk = Files.getFileStore(mailboxes);
    return new MailStorage(queue, disk.getUsableSpace(), disk.getTotalSpace());
  }

  /** A message is a file, maybe in a folder of its id's first letters, and may go at any time. */
  private static long count(Path folder) throws IOException {
    var count = new AtomicLong();
    if (Files.isDirectory(folder)) {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              return count.incrementAndGet() < MOST
                  ? FileVisitResult.CONTINUE
                  : FileVisitResult.TERMINATE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
              return FileVisitResult.CONTINUE;
            }
          });
    }
    return count.get();
  }
}
