package dev.postbus.policy.expiry;

import dev.postbus.policy.count.EnumCounter;

/**
 * What runs over all mailboxes have done since the start of this process; dry runs do not count.
 */
public final class ExpiryCounters {
  private final EnumCounter<Run> runs = new EnumCounter<>(Run.class);
  private final EnumCounter<Reason> removed = new EnumCounter<>(Reason.class);
  private final EnumCounter<Reason> bytes = new EnumCounter<>(Reason.class);

  /** How a run ended. */
  public enum Run {
    /** It has looked at every mailbox that could be read. */
    FINISHED,
    /** It ended early, or some mailboxes could not be read. */
    FAILED
  }

  /** Counts a run. */
  void ran(Outcome outcome, boolean toTheEnd) {
    runs.count(toTheEnd && outcome.failures() == 0 ? Run.FINISHED : Run.FAILED);
    outcome
        .removed()
        .forEach(
            (reason, what) -> {
              removed.add(reason, what.count());
              bytes.add(reason, what.bytes());
            });
  }

  /** Runs that are over. */
  public EnumCounter<Run> runs() {
    return runs;
  }

  /** Mailboxes or mails removed. */
  public EnumCounter<Reason> removed() {
    return removed;
  }

  /** Bytes on disk removed. */
  public EnumCounter<Reason> removedBytes() {
    return bytes;
  }
}
