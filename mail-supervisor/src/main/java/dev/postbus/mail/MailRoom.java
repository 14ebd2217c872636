package dev.postbus.mail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The room for mail: without it, Postfix puts senders off (RFC 3463, X.3.1), and what it has taken
 * waits in its queue.
 *
 * @param folders that mail is written to
 * @param least bytes that must be free in each
 */
record MailRoom(List<Path> folders, long least) {
  /** One and a half times the largest message by default, below which Postfix takes no mail. */
  static final long LEAST = 48L << 20;

  /** What is missing; empty if there is enough. */
  Optional<String> problem() {
    return folders.stream()
        .filter(folder -> free(folder) < least)
        .map(
            folder ->
                "%d MB are free in %s: mail waits until there are %d"
                    .formatted(free(folder) >> 20, folder, least >> 20))
        .findFirst();
  }

  private static long free(Path folder) {
    try {
      return Files.getFileStore(folder).getUsableSpace();
    } catch (IOException notThereYet) {
      return Long.MAX_VALUE;
    }
  }
}
