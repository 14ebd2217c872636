package dev.postbus.policy.expiry;

import dev.postbus.policy.mailbox.EachMailbox;
import dev.postbus.policy.mailbox.MailboxRoot;
import dev.postbus.policy.settings.PolicySettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Counts what the mailboxes hold, and keeps the last count. */
public final class StorageReports {
  private final Supplier<PolicySettings> settings;
  private final Clock clock;
  private final ReentrantLock one = new ReentrantLock();
  private volatile @Nullable StorageReport latest;

  /** Counts in the folder that the settings name. */
  public StorageReports(Supplier<PolicySettings> settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /** The last count, if there was one since the start of this process. */
  public Optional<StorageReport> latest() {
    return Optional.ofNullable(latest);
  }

  /**
   * Counts now. Of several that ask meanwhile, those who come later get the first one's count.
   *
   * @throws IOException if the folder of the mailboxes cannot be read
   */
  public StorageReport count() throws IOException, InterruptedException {
    var asked = clock.instant();
    one.lockInterruptibly();
    try {
      var known = latest;
      if (known != null && known.time().isAfter(asked)) {
        return known;
      }
      var counted = counted(clock.instant());
      latest = counted;
      return counted;
    } finally {
      one.unlock();
    }
  }

  private StorageReport counted(Instant now) throws IOException, InterruptedException {
    var count = new StorageCount(now);
    EachMailbox.run(settings.get().mailboxes(), (root, name) -> add(root, name, now, count));
    return count.report();
  }

  private static void add(MailboxRoot root, Path name, Instant now, StorageCount count)
      throws IOException {
    var opened = root.mailbox(name);
    if (opened.isPresent()) {
      try (var mailbox = opened.get()) {
        var one = new StorageCount(now);
        one.mailbox(name.toString(), mailbox);
        count.add(one);
      }
    }
  }
}
