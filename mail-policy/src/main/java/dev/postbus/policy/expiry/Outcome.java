package dev.postbus.policy.expiry;

import java.util.List;
import java.util.Map;

/**
 * What an expiry has removed, or would remove.
 *
 * @param mailboxes looked at
 * @param messages looked at
 * @param failures mailboxes that could not be read
 * @param removed how much of what, by reason; reasons with nothing are left out
 * @param affected mailboxes that lose something, by address; only of a dry run, and only the first
 *     {@value Tally#MOST_AFFECTED}
 */
public record Outcome(
    long mailboxes,
    long messages,
    long failures,
    Map<Reason, Removed> removed,
    List<Affected> affected) {

  /**
   * Some of what was removed.
   *
   * @param count mailboxes or mails
   * @param bytes on disk
   */
  public record Removed(long count, long bytes) {
    /** Both together. */
    Removed plus(Removed other) {
      return new Removed(count + other.count, bytes + other.bytes);
    }
  }

  /**
   * A mailbox that loses something.
   *
   * @param address whose
   * @param removed what, by reason
   */
  public record Affected(String address, Map<Reason, Removed> removed) {}

  /** How much was removed for a reason. */
  public Removed removed(Reason reason) {
    return removed.getOrDefault(reason, new Removed(0, 0));
  }
}
