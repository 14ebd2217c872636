package dev.postbus.policy.expiry;

import dev.postbus.policy.mailbox.MailboxRoot;
import dev.postbus.policy.mailbox.MailboxWalk;
import dev.postbus.policy.mailbox.MailboxWalk.Message;
import dev.postbus.policy.mailbox.MailboxWalk.Visitor;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Applies the rules to one mailbox.
 *
 * @param rules what has to go
 * @param dry only count it
 */
record MailboxExpiry(Rules rules, boolean dry) {
  private static final Path PASSWORD = Path.of("password");
  private static final Path MAILDIRSIZE = Path.of("maildirsize");

  /** All rules. */
  Tally expire(MailboxRoot root, Path name) throws IOException {
    var tally = new Tally();
    var opened = root.mailbox(name);
    if (opened.isEmpty()) {
      return tally;
    }
    try (var mailbox = opened.get()) {
      tally.sawMailbox();
      var password = MailboxRoot.look(mailbox, PASSWORD);
      if (password.isPresent() && inactive(password.get())) {
        removeWhole(root, name, Reason.INACTIVE, mailbox, tally);
        return tally;
      }
      var left = expireMails(mailbox, tally);
      if (password.isEmpty() && left == 0 && tally.isEmpty() && untouched(mailbox)) {
        removeWhole(root, name, Reason.EMPTY, mailbox, tally);
      }
    }
    return tally;
  }

  /** The quota's rule alone. */
  Tally cutToQuota(MailboxRoot root, Path name) throws IOException {
    var tally = new Tally();
    var opened = root.mailbox(name);
    if (opened.isPresent()) {
      try (var mailbox = opened.get()) {
        tally.sawMailbox();
        new QuotaCut(rules, message -> true).cut(mailbox, dry, tally);
        forgetSize(mailbox, tally);
      }
    }
    return tally;
  }

  /** Removes by age and for the quota; says how many mails are left. */
  private long expireMails(SecureDirectoryStream<Path> mailbox, Tally tally) throws IOException {
    var kept = new Kept(tally);
    MailboxWalk.visitFresh(mailbox, kept);
    tally.sawMessages(kept.seen);
    if (kept.quotaBytes > rules.quotaTarget()) {
      // In a dry run, those are still there.
      Predicate<Message> stays = message -> rules.age(message).isEmpty();
      new QuotaCut(rules, stays).cut(mailbox, dry, tally);
    }
    forgetSize(mailbox, tally);
    return kept.messages;
  }

  /** Dovecot adds mails up again when the file that holds the sum is gone. */
  private void forgetSize(SecureDirectoryStream<Path> mailbox, Tally tally) throws IOException {
    if (dry || tally.isEmpty() || !isFile(mailbox, MAILDIRSIZE)) {
      return;
    }
    try {
      mailbox.deleteFile(MAILDIRSIZE);
    } catch (NoSuchFileException none) {
      return;
    }
  }

  private static boolean isFile(SecureDirectoryStream<Path> mailbox, Path name) throws IOException {
    return MailboxRoot.look(mailbox, name).filter(found -> !found.isDirectory()).isPresent();
  }

  private final class Kept implements Visitor {
    private final Tally tally;
    private long seen;
    private long messages;
    private long quotaBytes;

    private Kept(Tally tally) {
      this.tally = tally;
    }

    @Override
    public void message(Message message) throws IOException {
      seen++;
      var reason = rules.age(message);
      if (reason.isEmpty()) {
        messages++;
        quotaBytes += QuotaCut.size(message);
        return;
      }
      tally.removed(reason.get(), message.file().size());
      if (!dry) {
        message.remove();
      }
    }
  }

  private void removeWhole(
      MailboxRoot root, Path name, Reason reason, SecureDirectoryStream<Path> mailbox, Tally tally)
      throws IOException {
    var size = size(mailbox);
    if (dry) {
      tally.removed(reason, size);
      return;
    }
    var buried = root.bury(name);
    if (buried.isEmpty()) {
      return;
    }
    // Somebody may have logged in just before; the folder that is open is the buried one.
    var password = MailboxRoot.look(mailbox, PASSWORD);
    if (stillSo(reason, password)) {
      root.remove(buried.get());
      tally.removed(reason, size);
    } else {
      root.unearth(buried.get(), name);
    }
  }

  private boolean stillSo(Reason reason, Optional<BasicFileAttributes> password) {
    return reason == Reason.EMPTY
        ? password.isEmpty()
        : password.isPresent() && inactive(password.get());
  }

  private boolean inactive(BasicFileAttributes password) {
    return password.lastModifiedTime().toMillis() < rules.activeSince();
  }

  /** Whether the folder is older than a day, and so not one that is just being made. */
  private boolean untouched(SecureDirectoryStream<Path> mailbox) throws IOException {
    return mailbox
            .getFileAttributeView(BasicFileAttributeView.class)
            .readAttributes()
            .lastModifiedTime()
            .toMillis()
        < rules.recentSince();
  }

  private static long size(SecureDirectoryStream<Path> mailbox) throws IOException {
    var size = new SizeSum();
    MailboxWalk.visit(mailbox, size);
    return size.bytes;
  }

  private static final class SizeSum implements Visitor {
    private long bytes;

    @Override
    public void message(Message message) {
      bytes += message.file().size();
    }

    @Override
    public void other(Path name, BasicFileAttributes file) {
      bytes += file.size();
    }

    @Override
    public boolean wantsOthers() {
      return true;
    }
  }
}
