package dev.postbus.policy.expiry;

import dev.postbus.policy.mailbox.MailboxWalk.Message;
import dev.postbus.policy.mailbox.MailboxWalk.Place;
import dev.postbus.policy.settings.PolicySettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What has to go at one moment; all times in milliseconds since 1970.
 *
 * @param activeSince mailboxes with an earlier last login go
 * @param mailsSince earlier mails go
 * @param largeSince earlier large mails go, if they were seen
 * @param recentSince later mails are never removed for the quota's sake
 * @param quotaTarget bytes that a mailbox is brought down to
 */
record Rules(
    long activeSince, long mailsSince, long largeSince, long recentSince, long quotaTarget) {
  /** Larger mails are large. */
  static final long LARGE = 200_000;

  private static final Duration RECENT = Duration.ofHours(24);
  private static final int TARGET_PERCENT = 70;

  static Rules at(Instant now, PolicySettings.Expiry settings) {
    return new Rules(
        daysBefore(now, settings.deleteInactiveUsersAfter()),
        daysBefore(now, settings.deleteMailsAfter()),
        daysBefore(now, settings.deleteLargeAfter()),
        now.minus(RECENT).toEpochMilli(),
        settings.maxMailboxSize() / 100 * TARGET_PERCENT);
  }

  private static long daysBefore(Instant now, int days) {
    return now.minus(Duration.ofDays(days)).toEpochMilli();
  }

  /** Why a mail goes because of its age, if so. */
  Optional<Reason> age(Message message) {
    var changed = message.changed();
    if (changed < mailsSince) {
      return Optional.of(Reason.OLD);
    }
    // The size on disk, as it is disk that large mails use up.
    return message.file().size() > LARGE && changed < largeSince && message.place() == Place.CUR
        ? Optional.of(Reason.LARGE)
        : Optional.empty();
  }
}
