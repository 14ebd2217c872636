package dev.postbus.policy.expiry;

import dev.postbus.policy.expiry.Outcome.Affected;
import dev.postbus.policy.expiry.Outcome.Removed;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts while an expiry runs; may be read meanwhile. */
final class Tally {
  static final int MOST_AFFECTED = 1000;

  private final Map<Reason, Removed> removed = new EnumMap<>(Reason.class);
  private final List<Affected> affected = new ArrayList<>();
  private long mailboxes;
  private long messages;

  synchronized void sawMailbox() {
    mailboxes++;
  }

  synchronized void sawMessages(long count) {
    messages += count;
  }

  synchronized void removed(Reason reason, long size) {
    removed.merge(reason, new Removed(1, size), Removed::plus);
  }

  synchronized boolean isEmpty() {
    return removed.isEmpty();
  }

  /** Adds what was counted for one mailbox, by whoever counted it. */
  synchronized void add(Tally one) {
    mailboxes += one.mailboxes;
    messages += one.messages;
    one.removed.forEach((reason, more) -> removed.merge(reason, more, Removed::plus));
  }

  synchronized void affects(String address, Tally one) {
    if (affected.size() < MOST_AFFECTED) {
      affected.add(new Affected(address, Map.copyOf(one.removed)));
    }
  }

  synchronized Outcome outcome(long failures) {
    return new Outcome(
        mailboxes, messages, failures, new EnumMap<>(removed), List.copyOf(affected));
  }
}
