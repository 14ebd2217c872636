package dev.postbus.policy.expiry;

import dev.postbus.policy.account.Address;
import dev.postbus.policy.expiry.StorageReport.Active;
import dev.postbus.policy.expiry.StorageReport.SizeClass;
import dev.postbus.policy.mailbox.MailboxRoot;
import dev.postbus.policy.mailbox.MailboxWalk;
import dev.postbus.policy.mailbox.MailboxWalk.Message;
import dev.postbus.policy.mailbox.MailboxWalk.Visitor;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** Adds up for a report. */
final class StorageCount implements Visitor {
  private static final Path PASSWORD = Path.of("password");
  private static final List<Integer> DAYS = List.of(1, 10, 30, 40, 80, 100, 150);
  private static final List<Long> SIZES = List.of(0L, 160_000L, 500_000L, 2_000_000L);

  private final Instant now;
  private final long[] active = new long[DAYS.size()];
  private final long[] sizeCounts = new long[SIZES.size()];
  private final long[] sizeBytes = new long[SIZES.size()];
  private long mailboxes;
  private long accounts;
  private long ciAccounts;
  private long blocked;
  private long otherBytes;

  StorageCount(Instant now) {
    this.now = now;
  }

  /** Counts a mailbox. */
  void mailbox(String address, SecureDirectoryStream<Path> mailbox) throws IOException {
    mailboxes++;
    var password = MailboxRoot.look(mailbox, PASSWORD);
    if (password.isPresent()) {
      account(address, password.get());
    }
    MailboxWalk.visitFresh(mailbox, this);
  }

  private void account(String address, BasicFileAttributes password) {
    accounts++;
    if (password.size() == 0) {
      blocked++;
    }
    if (Address.isOfTests(address)) {
      ciAccounts++;
      return;
    }
    var lastLogin = password.lastModifiedTime().toInstant();
    for (int i = 0; i < active.length; i++) {
      if (!lastLogin.isBefore(now.minus(Duration.ofDays(DAYS.get(i))))) {
        active[i]++;
      }
    }
  }

  @Override
  public void message(Message message) {
    var size = message.file().size();
    for (int i = 0; i < sizeCounts.length; i++) {
      if (size >= SIZES.get(i)) {
        sizeCounts[i]++;
        sizeBytes[i] += size;
      }
    }
  }

  @Override
  public void other(Path name, BasicFileAttributes file) {
    otherBytes += file.size();
  }

  @Override
  public boolean wantsOthers() {
    return true;
  }

  /** Adds what was counted elsewhere; may be called by several threads. */
  synchronized void add(StorageCount other) {
    mailboxes += other.mailboxes;
    accounts += other.accounts;
    ciAccounts += other.ciAccounts;
    blocked += other.blocked;
    otherBytes += other.otherBytes;
    for (int i = 0; i < active.length; i++) {
      active[i] += other.active[i];
    }
    for (int i = 0; i < sizeCounts.length; i++) {
      sizeCounts[i] += other.sizeCounts[i];
      sizeBytes[i] += other.sizeBytes[i];
    }
  }

  synchronized StorageReport report() {
    return new StorageReport(
        now,
        mailboxes,
        accounts,
        ciAccounts,
        blocked,
        sizeCounts[0],
        sizeBytes[0],
        otherBytes,
        IntStream.range(0, sizeCounts.length)
            .mapToObj(i -> new SizeClass(SIZES.get(i), sizeCounts[i], sizeBytes[i]))
            .toList(),
        IntStream.range(0, active.length)
            .mapToObj(i -> new Active(DAYS.get(i), active[i]))
            .toList());
  }
}
