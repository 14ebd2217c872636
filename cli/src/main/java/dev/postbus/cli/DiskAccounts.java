package dev.postbus.cli;

import dev.postbus.bench.mail.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Any number of accounts with the same password, made on disk as copies of one that the relay has
 * made itself. They are named {@code zz0000000}, {@code zz0000001} and so on, and are removed at
 * the end, as are those that an earlier run left.
 */
final class DiskAccounts implements AutoCloseable {
  private static final String NAMES = "zz[0-9][0-9][0-9][0-9][0-9][0-9][0-9]@*";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private final Account model;
  private final Path mailboxes;
  private int count;

  private DiskAccounts(Account model, Path mailboxes) {
    this.model = model;
    this.mailboxes = mailboxes;
  }

  /**
   * None yet.
   *
   * @param model an account that is there
   * @param mailboxes the relay's folder of mailboxes
   */
  static DiskAccounts like(Account model, Path mailboxes) throws IOException {
    if (!Files.exists(mailboxes.resolve(model.address()).resolve("password"))) {
      throw new IOException(model.address() + " has no mailbox in " + mailboxes);
    }
    var accounts = new DiskAccounts(model, mailboxes);
    accounts.close();
    return accounts;
  }

  /** Makes those that are missing to so many. */
  void growTo(int wanted) throws IOException, InterruptedException {
    var from = mailboxes.resolve(model.address());
    for (; count < wanted; count++) {
      if (Thread.interrupted()) {
        throw new InterruptedException("cut short");
      }
      var home = mailboxes.resolve(account(count).address());
      Files.createDirectory(home);
      Files.setPosixFilePermissions(home, OWNER_ONLY);
      for (var name : Set.of("password", "enforceE2EEincoming")) {
        copy(from.resolve(name), home.resolve(name));
      }
      own(from, home);
    }
  }

  /** One of them, from 0 on. */
  Account account(int number) {
    var domain = model.address().substring(model.address().indexOf('@'));
    return new Account("zz%07d%s".formatted(number, domain), model.password());
  }

  int count() {
    return count;
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to);
    Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
    own(from, to);
    // The last login, which is kept as this file's time.
    Files.setLastModifiedTime(to, FileTime.from(Files.getLastModifiedTime(from).toInstant()));
  }

  private static void own(Path from, Path to) throws IOException {
    Files.setAttribute(to, "unix:gid", Files.getAttribute(from, "unix:gid"));
    Files.setAttribute(to, "unix:uid", Files.getAttribute(from, "unix:uid"));
  }

  /** Removes all of them, with what is in their mailboxes. */
  @Override
  public void close() throws IOException {
    try (var homes = Files.newDirectoryStream(mailboxes, NAMES)) {
      for (var home : homes) {
        Training.remove(home);
      }
    }
  }
}
