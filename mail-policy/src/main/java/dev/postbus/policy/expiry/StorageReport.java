package dev.postbus.policy.expiry;

import java.time.Instant;
import java.util.List;

/**
 * What the mailboxes hold.
 *
 * @param time when it was counted
 * @param mailboxes folders of mailboxes
 * @param accounts mailboxes with a password
 * @param ciAccounts those whose address begins with {@code ci-}: of automatic tests
 * @param blocked those whose password is empty
 * @param messages mails, in all folders
 * @param messageBytes their size on disk
 * @param otherBytes size of indexes and other files
 * @param bySize mails of at least certain sizes
 * @param active accounts other than of tests that have logged in lately
 */
public record StorageReport(
    Instant time,
    long mailboxes,
    long accounts,
    long ciAccounts,
    long blocked,
    long messages,
    long messageBytes,
    long otherBytes,
    List<SizeClass> bySize,
    List<Active> active) {

  /**
   * Mails of at least a size.
   *
   * @param atLeast bytes
   * @param messages how many
   * @param bytes how much in all
   */
  public record SizeClass(long atLeast, long messages, long bytes) {}

  /**
   * Accounts that have logged in lately.
   *
   * @param days since then at most
   * @param accounts how many
   */
  public record Active(int days, long accounts) {}
}
