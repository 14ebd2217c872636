package dev.postbus.cli;

import dev.postbus.bench.results.Recorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What Postfix of a stack has under way: mail that an earlier measurement sent would be delivered
 * during the next one, before the mail of that.
 *
 * @param state the state folder
 */
record MailQueue(Path state) {
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final Duration PAUSE = Duration.ofMillis(200);

  /**
   * Waits until nothing is under way. What Postfix has put off does not count.
   *
   * @param remarks is told what is waited for
   * @throws IOException if that takes more than ten minutes
   */
  void awaitEmpty(Recorder remarks) throws IOException, InterruptedException {
    var left = underWay();
    if (left > 0) {
      remarks.remark("waiting for the delivery of " + left + " messages of before");
    }
    for (var deadline = System.nanoTime() + LONGEST.toNanos();
        underWay() > 0;
        Thread.sleep(PAUSE)) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            underWay()
                + " messages of before are still under way: ./postbus logs mail-supervisor tells"
                + " why");
      }
    }
  }

  private long underWay() throws IOException {
    var count = 0L;
    for (var name : new String[] {"maildrop", "incoming", "active"}) {
      var folder = state.resolve("mail/queue").resolve(name);
      if (Files.isDirectory(folder)) {
        try (var files = Files.list(folder)) {
          count += files.count();
        }
      }
    }
    return count;
  }
}
