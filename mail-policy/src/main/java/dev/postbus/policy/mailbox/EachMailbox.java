package dev.postbus.policy.mailbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Goes through all mailboxes, several at a time, on threads of its own: reading a file system keeps
 * a virtual thread's carrier, which the filters need.
 */
public final class EachMailbox {
  private static final Logger log = Logger.getLogger(EachMailbox.class.getName());
  private static final int MOST_THREADS = 4;

  private EachMailbox() {}

  /** What is done with a mailbox; called by several threads. */
  @FunctionalInterface
  public interface Work {
    /** Does it with the mailbox of this name. */
    void on(MailboxRoot root, Path name) throws IOException;
  }

  /**
   * Does something with each mailbox. One that cannot be read is logged and passed over.
   *
   * @return how many were passed over
   * @throws IOException if the folder of the mailboxes cannot be read
   */
  public static long run(Path mailboxes, Work work) throws IOException, InterruptedException {
    var failures = new AtomicLong();
    try (var root = MailboxRoot.open(mailboxes)) {
      var threads = new ArrayList<Thread>();
      var count = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
      for (int i = 0; i < count; i++) {
        threads.add(
            Thread.ofPlatform()
                .name("mailboxes-" + i)
                .daemon()
                .start(() -> all(root, work, failures)));
      }
      try {
        for (var thread : threads) {
          thread.join();
        }
      } finally {
        threads.forEach(Thread::interrupt);
      }
    }
    return failures.get();
  }

  private static void all(MailboxRoot root, Work work, AtomicLong failures) {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        var name = root.nextMailbox();
        if (name.isEmpty()) {
          return;
        }
        one(root, name.get(), work, failures);
      } catch (IOException e) {
        log.log(Level.WARNING, "the folder of the mailboxes cannot be read on: {0}", e.toString());
        failures.incrementAndGet();
        return;
      }
    }
  }

  private static void one(MailboxRoot root, Path name, Work work, AtomicLong failures) {
    try {
      work.on(root, name);
    } catch (IOException | RuntimeException e) {
      // The class only: messages of exceptions name the file, and so the address.
      log.log(Level.WARNING, "a mailbox is passed over: {0}", e.getClass().getSimpleName());
      failures.incrementAndGet();
    }
  }
}
